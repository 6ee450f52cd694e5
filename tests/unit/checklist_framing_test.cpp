// The encoding checklist, lines 8 to 10 and 27 to 29: where segments, messages and batches begin
// and end.

#include "tests/property/indexed.h"
#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;
using test::value_at;

std::vector<std::string> segments(std::string_view text) {
  auto const indexed = test::index_text(text);
  if (indexed.messages.size() != 1) return {std::to_string(indexed.messages.size()) + " messages"};
  return indexed.messages[0].segments;
}

std::string replaced(std::string text, const std::string& newline) {
  std::string out;
  for (char const c : text) out += c == '\r' ? newline : std::string(1, c);
  return out;
}

using Segments = std::vector<std::string>;

TEST(Checklist, L08_AnyCarriageReturnMakesLineFeedsData) {
  std::string const msh = "MSH|^~\\&|A";
  EXPECT_EQ(segments(msh + "\rNTE|1|one\ntwo\rNTE|2\r"),
            (Segments{msh, "NTE|1|one\ntwo", "NTE|2"}));
  EXPECT_EQ(segments(msh + "\rNTE|1|one\nNTE|no segment\rNTE|2\r"),
            (Segments{msh, "NTE|1|one\nNTE|no segment", "NTE|2"}));
  EXPECT_EQ(segments(msh + "\r\nNTE|1|one\ntwo\r\nNTE|2\r\n"),
            (Segments{msh, "NTE|1|one\ntwo", "NTE|2"}))
      << "a line feed behind the carriage return belongs to it";
  EXPECT_EQ(segments(msh + "\r\nNTE|1|one\n\ntwo\rNTE|2"),
            (Segments{msh, "NTE|1|one\n\ntwo", "NTE|2"}));
}

TEST(Checklist, L08_WithoutOneLineFeedsTerminate) {
  std::string const msh = "MSH|^~\\&|A";
  EXPECT_EQ(segments(msh + "\nNTE|1|one\nNTE|2\n"), (Segments{msh, "NTE|1|one", "NTE|2"}));
}

TEST(Checklist, L08_EachMessageDecidesForItself) {
  auto const indexed = test::index_text(
      "MSH|^~\\&|A\nNTE|1\nNTE|2\n"
      "MSH|^~\\&|B\rNTE|1|x\ny\rNTE|2\r"
      "MSH|^~\\&|C\r\nNTE|1\r\nNTE|2\r\n");
  ASSERT_EQ(indexed.messages.size(), 3u);
  for (auto const& message : indexed.messages) ASSERT_EQ(message.segments.size(), 3u);
  EXPECT_EQ(indexed.messages[1].segments[1], "NTE|1|x\ny");
  EXPECT_EQ(indexed.messages[2].segments[1], "NTE|1");
}

TEST(Checklist, L08_RowsAreTheSameWhateverTerminates) {
  std::string const text = header() + "PID|1||42||Doe^Jane\rOBR|1\rOBX|1|ST|c||v\r";
  auto const expected = test::run_text(text + text);
  for (std::string const newline : {"\n", "\r\n"}) {
    auto const outcome = test::run_text(replaced(text + text, newline));
    EXPECT_EQ(outcome.messages, expected.messages);
    for (const char* const column : {"patient_id", "family_name", "given_name"})
      EXPECT_EQ(outcome.column("patients", column), expected.column("patients", column));
    EXPECT_EQ(outcome.column("observations", "value"), expected.column("observations", "value"));
  }
}

TEST(Checklist, L09_TheLastTerminatorMayBeMissing) {
  std::string const msh = "MSH|^~\\&|A";
  for (std::string const newline : {"\r", "\n", "\r\n"})
    EXPECT_EQ(segments(msh + newline + "PID|1||42"), (Segments{msh, "PID|1||42"}));
  EXPECT_EQ(segments(msh), Segments{msh}) << "nor need there be any";
  EXPECT_EQ(value_at(msh + "\rPID|1||42", "PID-3"), "42");
  auto const outcome = test::run_text(header() + "PID|1||1\r" + header() + "PID|1||2");
  EXPECT_EQ(outcome.column("patients", "patient_id"), (std::vector<std::string>{"1", "2"}));
}

TEST(Checklist, L10_ByteOrderMarksAndVerticalTabsStandBeforeMessages) {
  std::string const message = "MSH|^~\\&|A\rPID|1||42\r";
  std::string const mark = "\xef\xbb\xbf";
  for (std::string const& before : {mark, std::string("\v"), mark + "\r\n", std::string("\r\n")}) {
    auto const indexed = test::index_text(before + message + (before == "\v" ? "\x1c\r" : ""));
    ASSERT_EQ(indexed.messages.size(), 1u);
    EXPECT_EQ(indexed.messages[0].error, Error{});
    EXPECT_EQ(indexed.messages[0].raw, message);
    EXPECT_GE(indexed.extra_bytes[static_cast<int>(ExtraRange::Kind::framing)], before.size());
  }
  auto const joined = test::index_text(mark + message + mark + message);
  EXPECT_EQ(joined.messages.size(), 2u) << "files that were put one behind another";
}

TEST(Checklist, L10_MllpFramesAreTakenOffAndMustEnd) {
  std::string const message = "MSH|^~\\&|A\rPID|1||42\r";
  auto const framed = test::index_text("\v" + message + "\x1c\r\v" + message + "\x1c\r");
  ASSERT_EQ(framed.messages.size(), 2u);
  for (auto const& one : framed.messages) EXPECT_EQ(one.raw, message);
  EXPECT_EQ(framed.extra_bytes[static_cast<int>(ExtraRange::Kind::framing)], 6u);
  auto const open = test::index_text("\v" + message + "\v" + message + "\x1c\r");
  ASSERT_EQ(open.messages.size(), 2u);
  EXPECT_EQ(open.messages[0].error.code, ErrorCode::frame_incomplete);
  EXPECT_EQ(open.messages[1].error, Error{});
}

TEST(Checklist, L10_CommentsAndGarbageBetweenMessagesAreSkippedAndReported) {
  std::string const message = "MSH|^~\\&|A\rPID|1||42\r";
  auto const outcome =
      test::run_text("# captured on Monday\r" + message + "\r\nlost bytes\r" + message);
  EXPECT_EQ(outcome.account.messages_in, 2u);
  EXPECT_EQ(outcome.account.written, 2u);
  EXPECT_EQ(outcome.account.bytes_skipped, 21u + 11u);
  EXPECT_EQ(outcome.account.bytes_framing, 2u);
  EXPECT_EQ(outcome.account.skipped_ranges, 2u);
}

TEST(Checklist, L10_SegmentsWithoutAHeaderAreAReject) {
  auto const outcome = test::run_text("PID|1||41\rPV1|1\r\r" + header() + "PID|1||42\r");
  EXPECT_EQ(outcome.account.written, 1u);
  EXPECT_EQ(outcome.account.rejects.at("no_header"), 1u);
  EXPECT_EQ(outcome.rows.at("rejects")[0].at("raw"), "PID|1||41\rPV1|1\r");
}

TEST(Checklist, L27_LocalSegmentsMayStandAnywhere) {
  std::string const text = header() +
                           "ZZ1|a\rPID|1||42\rZPI|b\rORC|RE\rZOR|c\rOBR|1|P1||GLU\rZB1|d\r"
                           "OBX|1|NM|c1||98\rZX1|e\rOBX|2|NM|c2||99\rZZZ\r";
  auto const outcome = test::run_text(text);
  EXPECT_EQ(outcome.account.written, 1u);
  EXPECT_EQ(outcome.column("observations", "patient_id"), (std::vector<std::string>{"42", "42"}));
  EXPECT_EQ(outcome.column("observations", "code"), (std::vector<std::string>{"c1", "c2"}));
  EXPECT_EQ(outcome.column("observations", "placer_order_number"),
            (std::vector<std::string>{"P1", "P1"}))
      << "a Z segment inside a group does not end it";
  EXPECT_EQ(value_at(text, "ZOR-1"), "c");
  EXPECT_EQ(value_at(text, "ZX1-1"), "e");
  EXPECT_EQ(outcome.messages.at(0), text) << "and none is dropped";
}

TEST(Checklist, L27_TablesCanReadThem) {
  auto tables = parse_toml(
      "[[table]]\nname = 'local'\nper = 'ZOR'\ncolumns = ["
      "{ name = 'order', path = 'ORC-2' }, { name = 'text', path = 'ZOR-2.1' } ]\n",
      "tables.toml");
  ASSERT_TRUE(tables);
  ConfigNode settings = test::settings({{"defaults", "false"}});
  settings.entries.emplace_back("tables", *tables->find("table"));
  auto const outcome =
      test::run_text(header() + "PID|1\rORC|RE|7\rZOR|1|x\rOBR|1\rZOR|2|y\rORC|RE|8\rZOR|1|z\r",
                     {{"parse", test::settings({})}, {"tabulate", settings}});
  EXPECT_EQ(outcome.column("local", "order"), (std::vector<std::string>{"7", "7", "8"}));
  EXPECT_EQ(outcome.column("local", "text"), (std::vector<std::string>{"x", "y", "z"}));
}

TEST(Checklist, L28_AddJoinsCharactersToTheSegmentBefore) {
  EXPECT_EQ(segments("MSH|^~\\&|A\rOBX|1|TX|c||first \rADD|half\rADD| and more|u\rOBX|2\r"),
            (Segments{"MSH|^~\\&|A", "OBX|1|TX|c||first half and more|u", "OBX|2"}));
  EXPECT_EQ(segments("MSH|^~\\&|A\nOBX|1|TX|c||first \nADD|half\n"),
            (Segments{"MSH|^~\\&|A", "OBX|1|TX|c||first half"}));
  EXPECT_EQ(segments("MSH$^~\\&$A\rOBX$1$TX$c$$a\rADD$b|c\r"),
            (Segments{"MSH$^~\\&$A", "OBX$1$TX$c$$ab|c"}))
      << "with the message's own separator";
  std::string const text = header() + "OBR|1\rOBX|1|TX|c||a\rADD|b\r";
  auto const outcome = test::run_text(text);
  EXPECT_EQ(outcome.column("observations", "value"), std::vector<std::string>{"ab"});
  EXPECT_EQ(outcome.column("messages", "size"),
            std::vector<std::string>{std::to_string(text.size())})
      << "the bytes are still those received";
}

TEST(Checklist, L29_AllBatchWrappersAreOptional) {
  std::string const message = "MSH|^~\\&|A\rPID|1||42\r";
  std::string const fhs = "FHS|^~\\&\r", bhs = "BHS|^~\\&\r";
  for (std::string const& text :
       {message + message, fhs + message + message, bhs + message + message,
        fhs + bhs + message + message, message + message + "BTS|2\r", message + message + "FTS|0\r",
        bhs + message + message + "BTS|2\r", fhs + message + message + "FTS\r",
        fhs + bhs + message + "BTS|1\r" + bhs + message + "BTS|1\rFTS|2\r"}) {
    auto const outcome = test::run_text(text);
    EXPECT_EQ(outcome.account.written, 2u) << text;
    EXPECT_EQ(outcome.account.rejected, 0u) << text;
    EXPECT_EQ(outcome.account.bytes_framing, text.size() - 2 * message.size()) << text;
    EXPECT_EQ(outcome.account.batch_count_mismatches, 0u) << text;
  }
}

TEST(Checklist, L29_ABatchMayHoldNoMessage) {
  std::string const text = "FHS|^~\\&|A\rBHS|^~\\&|A\rBTS|0\rFTS|1\r";
  auto const outcome = test::run_text(text);
  EXPECT_EQ(outcome.account.messages_in, 0u);
  EXPECT_EQ(outcome.account.bytes_framing, text.size());
  EXPECT_EQ(outcome.account.batch_count_mismatches, 0u);
}

TEST(Checklist, L29_CountsThatDoNotMatchAreReportedAndNothingIsDropped) {
  std::string const message = "MSH|^~\\&|A\rPID|1||42\r";
  struct {
    std::string text;
    std::uint64_t mismatches;
  } const cases[] = {
      {"BHS|^~\\&\r" + message + "BTS|2\r", 1},
      {"BHS|^~\\&\r" + message + "BTS|1\rBHS|^~\\&\r" + message + "BTS|0\r", 1},
      {"FHS|^~\\&\rBHS|^~\\&\r" + message + "BTS|1\rFTS|2\r", 1},
      {"FHS|^~\\&\rBHS|^~\\&\r" + message + "BTS|3\rFTS|3\r", 2},
      {"BHS|^~\\&\r" + message + "BTS|\r", 0},
      {"BHS|^~\\&\r" + message + "BTS|one\r", 0},
  };
  for (auto const& [text, mismatches] : cases) {
    // In one batch of the pipeline, and in one for each message.
    for (std::size_t const size : {std::size_t{1} << 20, std::size_t{1}}) {
      auto const outcome =
          test::run_text(std::make_unique<test::TextSource>(text, size), test::tabulated());
      EXPECT_EQ(outcome.account.batch_count_mismatches, mismatches) << text;
      EXPECT_EQ(outcome.account.rejected, 0u) << text;
    }
  }
}

}  // namespace
}  // namespace hl7flow
