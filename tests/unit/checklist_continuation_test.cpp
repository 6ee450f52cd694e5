// The encoding checklist, lines 28 and 30: messages that answer others or go on from them.

#include <hl7flow/parsers/acknowledgment.h>

#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;

/// A part of a message: MSH-14 and DSC-1 where they are not empty.
std::string part(const std::string& pointer, const std::string& segments, const std::string& next) {
  std::string text = header();
  text.replace(text.find("||||||\r"), 7, "||" + pointer + "\r");
  return text + segments + (next.empty() ? "" : "DSC|" + next + "|F\r");
}

test::Outcome joined(const std::string& text) {
  return test::run_text(text, {{"parse", test::settings({})},
                               {"join_continuations", test::settings({})},
                               {"tabulate", test::settings({})}});
}

TEST(Checklist, L28_ABareAddBeforeDscGoesOnInTheNextMessage) {
  auto const outcome = joined(part("", "OBR|1\rOBX|1|TX|a||so \rADD|far\rADD\r", "x7") + header() +
                              part("x7", "ADD|, and more|mg\rOBX|2|TX|b||end\r", ""));
  EXPECT_EQ(outcome.column("observations", "value"),
            (std::vector<std::string>{"so far, and more", "end"}));
  EXPECT_EQ(outcome.column("observations", "unit"), (std::vector<std::string>{"mg", "NULL"}));
  EXPECT_EQ(outcome.account.messages_in, 3u);
  EXPECT_EQ(outcome.account.written, 2u);
  EXPECT_EQ(outcome.account.filtered, 1u);
}

TEST(Checklist, L28_AMessageBrokenBetweenSegmentsNeedsNoAdd) {
  auto const outcome =
      joined(part("", "OBR|1\rOBX|1|TX|a||one\r", "x7") + part("x7", "OBX|2|TX|b||two\r", "x8") +
             part("x8", "OBX|3|TX|c||three\r", ""));
  EXPECT_EQ(outcome.column("observations", "value"),
            (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(outcome.account.continued_messages, 2u);
}

TEST(Checklist, L28_WithoutTheStagePartsStayMessages) {
  std::string const text = part("x7", "ADD|, and more|mg\rOBX|2|TX|b||end\r", "");
  Er7Parser parser;
  auto const message = parser.parse(text);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->segment_count(), 3u) << "an ADD behind the header does not belong to it";
  EXPECT_EQ(message->segment(0).field(14).raw(), "x7");
  EXPECT_EQ(message->segment(1).raw(), "ADD|, and more|mg");
}

MessageView parsed(Er7Parser& parser, std::string_view text) { return parser.parse(text).value(); }

TEST(Checklist, L30_NeitherMsh15NorMsh16MeansOriginalMode) {
  std::string const msh = "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.5||";
  Er7Parser parser;
  EXPECT_EQ(ack_mode(parsed(parser, msh + "\r")), AckMode::original);
  EXPECT_EQ(ack_mode(parsed(parser, msh + "||\r")), AckMode::original);
  EXPECT_EQ(ack_mode(parsed(parser, msh + "|AL|NE\r")), AckMode::enhanced);
  EXPECT_EQ(ack_mode(parsed(parser, msh + "|AL\r")), AckMode::enhanced);
  EXPECT_EQ(ack_mode(parsed(parser, msh + "||NE\r")), AckMode::enhanced);
}

TEST(Checklist, L30_TheOccurrenceOfErr2CountsOverTheWholeMessage) {
  std::string const text = header() +
                           "PID|1\rOBR|1\rOBX|1|ST|a||x\rOBX|2|ST|b||y\rOBR|2\rOBX|1|ST|c||z\r"
                           "ERR||OBX^3^5^1^2~PID||100|E\r";
  Er7Parser parser;
  auto const message = parsed(parser, text);
  FieldView const err_2 = message.find(simd::pack('E', 'R', 'R'))->field(2);
  auto const place = read_error_location(err_2.repetition(1));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->segment, "OBX");
  EXPECT_EQ(place->occurrence, 3u) << "not the Set ID, which is 1";
  EXPECT_EQ(place->field, 5u);
  EXPECT_EQ(place->repetition, 1u);
  EXPECT_EQ(place->component, 2u);
  EXPECT_EQ(place->subcomponent, 0u);
  EXPECT_EQ(message.find(simd::pack('O', 'B', 'X'), place->occurrence)->field(3).raw(), "c");
  EXPECT_EQ(occurrence_of(message, 6), 3u);
  EXPECT_EQ(occurrence_of(message, 0), 1u);
  EXPECT_EQ(read_error_location(err_2.repetition(2))->occurrence, 1u);
  FieldView const wrong("OBX^one", Delimiters{});
  ASSERT_FALSE(read_error_location(wrong));
  EXPECT_EQ(read_error_location(wrong).error(), (Error{ErrorCode::bad_value, 4}));
  EXPECT_FALSE(read_error_location(FieldView("", Delimiters{})));
}

TEST(Checklist, L30_SequenceNumbersAreAnsweredByTheProtocol) {
  EXPECT_EQ(sequence_answer(0, 41), 42) << "0 asks for the next";
  EXPECT_EQ(sequence_answer(0, std::nullopt), -1);
  EXPECT_EQ(sequence_answer(-1, 41), -1) << "begins anew";
  EXPECT_EQ(sequence_answer(42, 41), 42);
}

}  // namespace
}  // namespace hl7flow
