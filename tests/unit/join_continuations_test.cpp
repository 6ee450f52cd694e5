// Messages in parts, through the pipeline: parse, join_continuations, tabulate.

#include <random>

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

std::string part(const std::string& id, const std::string& segments, const std::string& pointer,
                 const std::string& next, const std::string& sender = "LAB") {
  return "MSH|^~\\&|" + sender + "|HOSP|DWH|HOSP|20240131||ORU^R01^ORU_R01|" + id + "|P|2.5.1||" +
         pointer + "\r" + segments + (next.empty() ? "" : "DSC|" + next + "|F\r");
}

test::StageList stages(const test::SettingList& joining = {}) {
  return {{"parse", test::settings({})},
          {"join_continuations", test::settings(joining)},
          {"tabulate", test::settings({})}};
}

test::Outcome run(const std::string& text, const test::SettingList& joining = {},
                  std::size_t batch_size = 1u << 20, std::uint64_t epoch_size = 1u << 30) {
  return test::run_text(std::make_unique<test::TextSource>(text, batch_size, epoch_size),
                        stages(joining));
}

std::string results(const std::string& id) {
  return "PID|1||" + id + "\rOBR|1|" + id + "\rOBX|1|ST|a||one\r";
}

using Texts = std::vector<std::string>;

TEST(JoinContinuations, PartsBecomeOneMessageWhereTheLastStands) {
  std::string const first = part("1", results("42"), "", "p1");
  std::string const second = part("2", "OBX|2|ST|b||two\r", "p1", "p2");
  std::string const third = part("3", "OBX|3|ST|c||three\r", "p2", "");
  std::string const other = part("9", results("7"), "", "");
  std::string const text = first + other + second + third + other;
  for (std::size_t const batch_size : {std::size_t{1}, std::size_t{300}, std::size_t{1} << 20}) {
    auto const outcome = run(text, {}, batch_size);
    EXPECT_EQ(
        outcome.messages,
        (Texts{other, part("1", results("42") + "OBX|2|ST|b||two\rOBX|3|ST|c||three\r", "", ""),
               other}));
    EXPECT_EQ(outcome.account.messages_in, 5u);
    EXPECT_EQ(outcome.account.written, 3u);
    EXPECT_EQ(outcome.account.filtered, 2u);
    EXPECT_EQ(outcome.account.continued_messages, 2u);
    EXPECT_EQ(outcome.account.bytes_messages, text.size());
    EXPECT_EQ(outcome.column("messages", "control_id"), (Texts{"9", "1", "9"}));
    EXPECT_EQ(outcome.column("observations", "value"),
              (Texts{"one", "one", "two", "three", "one"}));
    EXPECT_EQ(outcome.column("observations", "patient_id"), (Texts{"7", "42", "42", "42", "7"}));
    std::size_t const at = (first + other + second).size();
    EXPECT_EQ(outcome.column("messages", "offset"),
              (Texts{std::to_string(first.size()), std::to_string(at),
                     std::to_string(at + third.size())}));
    EXPECT_EQ(outcome.column("messages", "size").at(1),
              std::to_string(first.size() + second.size() + third.size()));
  }
}

TEST(JoinContinuations, ASegmentMayGoOnInTheNextPart) {
  std::string const text = part("1", "OBR|1\rOBX|1|TX|a||first ha\rADD\r", "", "p1") +
                           part("2", "ADD|lf and\rADD| more|u\rOBX|2|TX|b||x\r", "p1", "");
  auto const outcome = run(text);
  EXPECT_EQ(
      outcome.messages,
      (Texts{part("1", "OBR|1\rOBX|1|TX|a||first half and more|u\rOBX|2|TX|b||x\r", "", "")}));
  EXPECT_EQ(outcome.column("observations", "value"), (Texts{"first half and more", "x"}));
  EXPECT_EQ(outcome.column("observations", "unit"), (Texts{"u", "NULL"}));
}

TEST(JoinContinuations, WhateverEndsTheLinesOfAPart) {
  std::string first = part("1", "OBR|1\rOBX|1|TX|a||x\r", "", "p");
  for (char& c : first) c = c == '\r' ? '\n' : c;
  std::string const second = part("2", "OBX|2|TX|b||two\nlines\r", "p", "");
  auto const outcome = run(first + second);
  EXPECT_EQ(outcome.column("observations", "value"), (Texts{"x", "two\nlines"}));
}

TEST(JoinContinuations, SendersDoNotShareTheirPointers) {
  auto const outcome =
      run(part("1", results("1"), "", "p", "A") + part("2", results("2"), "", "p", "B") +
          part("3", "OBX|2|ST|b||of B\r", "p", "", "B") +
          part("4", "OBX|2|ST|b||of A\r", "p", "", "A"));
  EXPECT_EQ(outcome.column("observations", "value"), (Texts{"one", "of B", "one", "of A"}));
  EXPECT_EQ(outcome.column("observations", "patient_id"), (Texts{"2", "2", "1", "1"}));
}

TEST(JoinContinuations, UnfinishedMessagesPassAtTheEnd) {
  std::string const open = part("1", results("42"), "", "p1");
  std::string const more = part("2", "OBX|2|ST|b||two\r", "p1", "p2");
  std::string const other = part("9", results("7"), "", "");
  for (std::size_t const batch_size : {std::size_t{1}, std::size_t{1} << 20}) {
    auto const outcome = run(open + more + other, {}, batch_size);
    EXPECT_EQ(outcome.messages,
              (Texts{other, part("1", results("42") + "OBX|2|ST|b||two\r", "", "")}));
    EXPECT_EQ(outcome.account.messages_in, 3u);
    EXPECT_EQ(outcome.account.written, 2u);
    EXPECT_EQ(outcome.account.filtered, 1u);
    EXPECT_EQ(outcome.account.continued_messages, 1u);
    EXPECT_EQ(outcome.account.bytes_messages, (open + more + other).size());
    EXPECT_EQ(outcome.column("messages", "offset"),
              (Texts{std::to_string((open + more).size()), std::to_string(open.size())}));
  }
}

TEST(JoinContinuations, UnfinishedMessagesAreRejectedIfAsked) {
  std::string const open = part("1", results("42"), "", "p1");
  std::string const more = part("2", "OBX|2|ST|b||two\r", "p1", "p2");
  std::string const orphan = part("3", "OBX|2|ST|b||two\r", "nobody", "");
  auto const outcome = run(open + orphan + more, {{"unfinished", "reject"}});
  EXPECT_EQ(outcome.account.written, 0u);
  EXPECT_EQ(outcome.account.rejects.at("continuation_incomplete"), 2u);
  EXPECT_EQ(outcome.account.filtered, 1u);
  ASSERT_EQ(outcome.rows.at("rejects").size(), 2u);
  EXPECT_EQ(outcome.rows.at("rejects")[0].at("raw"), orphan);
  EXPECT_EQ(outcome.rows.at("rejects")[1].at("raw"), open + more) << "all bytes of all parts";
  EXPECT_EQ(outcome.rows.at("rejects")[1].at("offset"), std::to_string((open + orphan).size()));
  EXPECT_EQ(outcome.rows.at("rejects")[1].at("input"), "text");
}

TEST(JoinContinuations, AnOrphanPassesAsItIs) {
  std::string const orphan = part("3", "ADD|rest\rOBR|1\rOBX|2|ST|b||two\r", "nobody", "");
  auto const outcome = run(orphan);
  EXPECT_EQ(outcome.messages, Texts{orphan});
  EXPECT_EQ(outcome.account.continued_messages, 0u);
}

TEST(JoinContinuations, AQueryThatTheReceiverAsksToGoOnIsNoPart) {
  std::string const text = part("1", results("1") + "DSC|p1|I\r", "", "");
  EXPECT_EQ(run(text).messages, Texts{text});
  std::string const empty = part("1", results("1") + "DSC||F\r", "", "");
  EXPECT_EQ(run(empty).messages, Texts{empty});
}

TEST(JoinContinuations, ACommitClosesWhatIsOpen) {
  // A run that is resumed behind the commit would not know the first part.
  std::string const first = part("1", results("42"), "", "p1");
  std::string const second = part("2", "OBX|2|ST|b||two\r", "p1", "");
  auto const outcome = run(first + second, {}, 1, first.size());
  EXPECT_EQ(outcome.messages, (Texts{part("1", results("42"), "", ""), second}));
  EXPECT_EQ(outcome.account.filtered, 0u);
}

TEST(JoinContinuations, WhatIsOpenIsBounded) {
  std::string const first = part("1", results("1"), "", "p1");
  std::string const late = part("2", results("2"), "", "p2");
  std::string const end_of_first = part("3", "OBX|2|ST|b||end 1\r", "p1", "");
  std::string const end_of_late = part("4", "OBX|2|ST|b||end 2\r", "p2", "");
  std::string const text = first + late + end_of_first + end_of_late;
  // One message may be open, by number or by size: the second first part passes as it is.
  for (test::SettingList const& limit :
       {test::SettingList{{"open_max", "1"}}, test::SettingList{{"memory_max", "600"}}}) {
    auto const outcome = run(text, limit);
    EXPECT_EQ(outcome.messages,
              (Texts{late, part("1", results("1") + "OBX|2|ST|b||end 1\r", "", ""), end_of_late}));
    EXPECT_EQ(outcome.account.filtered, 1u);
  }
  auto const rejecting = run(text, {{"open_max", "1"}, {"unfinished", "reject"}});
  EXPECT_EQ(rejecting.account.written, 1u);
  EXPECT_EQ(rejecting.account.rejects.at("continuation_incomplete"), 2u);
}

TEST(JoinContinuations, AMessageThatGrowsTooLargeStopsAtThePartThatMadeItSo) {
  std::string const more(600, 'x');
  std::string const text = part("1", results("1"), "", "p1") +
                           part("2", "OBX|2|ST|b||" + more + "\r", "p1", "p2") +
                           part("3", "OBX|3|ST|c||end\r", "p2", "");
  auto const outcome = run(text, {{"memory_max", "1000"}});
  EXPECT_EQ(outcome.messages, (Texts{part("1", results("1") + "OBX|2|ST|b||" + more + "\r", "", ""),
                                     part("3", "OBX|3|ST|c||end\r", "p2", "")}));
  EXPECT_EQ(outcome.account.filtered, 1u);
}

TEST(JoinContinuations, TransliteratedPartsJoinAndKeepTheirBytes) {
  auto const latin = [](std::string text) {
    return text.insert(text.find('\r'), "||||8859/1");  // MSH-18
  };
  std::string const first = latin(part("1", "PID|1||42||M\xfcller\r", "", "p"));
  std::string const second = latin(part("2", "OBR|1\rOBX|1|ST|b||gr\xfc\xdf\r", "p", ""));
  auto const outcome = run(first + second);
  EXPECT_EQ(outcome.column("patients", "family_name"), Texts{"M\u00fcller"});
  EXPECT_EQ(outcome.column("observations", "value"), Texts{"gr\u00fc\u00df"});
  EXPECT_EQ(outcome.column("messages", "charset"), Texts{"windows-1252"});
  EXPECT_EQ(outcome.column("messages", "size"), Texts{std::to_string((first + second).size())});
}

TEST(JoinContinuations, NothingIsLostWhateverComes) {
  // Parts at random, with other messages between and pointers that fit or do not.
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    unsigned observations = 0;
    for (unsigned k = 0; k < 30; ++k) {
      auto const pointer = [&] {
        return random() % 2 == 0 ? std::string{} : "p" + std::to_string(random() % 4);
      };
      std::string segments = "OBR|1\r";
      for (auto n = random() % 3; n > 0; --n, ++observations) segments += "OBX|1|ST|c||v\r";
      if (random() % 5 == 0) segments += "ADD\r";
      std::string const before = pointer();
      text += part(std::to_string(k), segments, before, pointer());
    }
    test::SettingList const limit{{"open_max", std::to_string(1 + random() % 4)},
                                  {"memory_max", std::to_string(300 + random() % 3000)}};
    auto const whole = run(text, limit);
    auto const cut = run(text, limit, 1 + random() % 2000);
    EXPECT_EQ(whole.column("observations", "value").size(), observations) << seed;
    EXPECT_EQ(cut.messages, whole.messages) << seed;
    EXPECT_EQ(whole.account.messages_in, 30u);
    EXPECT_EQ(cut.account.messages_in, 30u);
    EXPECT_EQ(whole.account.bytes_messages, text.size());
  }
}

TEST(JoinContinuations, OnTheGraphAsOnOneThread) {
  std::string text;
  for (int k = 0; k < 400; ++k) {
    std::string const id = std::to_string(k);
    text += part(id, results(id), k % 3 == 0 ? "" : "p" + std::to_string(k - 1),
                 k % 3 == 2 ? "" : "p" + id);
  }
  auto const expected = run(text, {}, 2000);
  test::Outcome outcome;
  Pipeline pipeline;
  pipeline.from(std::make_unique<test::TextSource>(text, 2000));
  for (auto const& [name, values] : stages()) pipeline.through(test::make<Stage>(name, values));
  pipeline.into(std::make_unique<test::MemorySink>(outcome.rows, outcome.messages));
  RunOptions options;
  options.threads = 4;
  auto const done = pipeline.run(options);
  ASSERT_TRUE(done) << done.error().text;
  EXPECT_EQ(outcome.messages, expected.messages);
  EXPECT_EQ(outcome.rows, expected.rows);
  EXPECT_EQ(done->account.written, expected.account.written);
  EXPECT_TRUE(done->account.closes());
}

TEST(JoinContinuations, OtherChoicesAreRefused) {
  for (test::SettingList const& wrong :
       {test::SettingList{{"unfinished", "drop"}}, test::SettingList{{"memory_max", "4GiB"}}}) {
    auto const stage = test::make<Stage>("join_continuations", wrong);
    ASSERT_FALSE(stage);
    EXPECT_EQ(stage.error().code, ErrorCode::bad_option);
  }
}

}  // namespace
}  // namespace hl7flow
