// The `escapes` option of tabulate: what each policy makes of values and of their messages.

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

std::string message(const std::string& family, const std::string& more = "") {
  return "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.5\rPID|1||42||" + family + "^Given" + more +
         "\r";
}

test::Outcome run(const std::string& policy, const std::string& text) {
  return test::run_text(text, test::tabulated({}, {{"escapes", policy}}));
}

TEST(TabulateEscapes, DecodedUnlessToldOtherwise) {
  std::string const text = message("A\\T\\B") + message("C:\\MIME\\");
  std::vector<std::string> const expected = {"A&B", "C:\\MIME\\"};
  EXPECT_EQ(test::run_text(text).column("patients", "family_name"), expected);
  auto const decoded = run("decode", text);
  EXPECT_EQ(decoded.column("patients", "family_name"), expected);
  EXPECT_EQ(decoded.account.unknown_escapes, 1u);
  EXPECT_EQ(decoded.account.rejected, 0u);
}

TEST(TabulateEscapes, KeptAsSent) {
  auto const kept = run("keep", message("A\\T\\B") + message("C:\\MIME\\"));
  EXPECT_EQ(kept.column("patients", "family_name"),
            (std::vector<std::string>{"A\\T\\B", "C:\\MIME\\"}));
  EXPECT_EQ(kept.account.unknown_escapes, 0u);
  EXPECT_EQ(kept.account.rejected, 0u);
}

TEST(TabulateEscapes, AnErrorRejectsTheMessageAtItsPlace) {
  std::string const good = message("A\\T\\B"), bad = message("C:\\MIME\\");
  auto const outcome = run("error", good + bad + good);
  EXPECT_EQ(outcome.column("patients", "family_name"), (std::vector<std::string>{"A&B", "A&B"}));
  EXPECT_EQ(outcome.account.rejected, 1u);
  EXPECT_EQ(outcome.account.rejects.at("bad_escape"), 1u);
  ASSERT_EQ(outcome.rows.at("rejects").size(), 1u);
  test::Row const& reject = outcome.rows.at("rejects")[0];
  EXPECT_EQ(reject.at("code"), "bad_escape");
  EXPECT_EQ(reject.at("raw"), bad);
  EXPECT_EQ(reject.at("offset"), std::to_string(good.size()));
  EXPECT_EQ(reject.at("position"), std::to_string(bad.find("\\MIME")));
}

TEST(TabulateEscapes, ThePlaceCountsInTheBytesAsReceived) {
  std::string const bad =
      "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.5||||||8859/1\rPID|1||42||M\xfcller^\xe9\\q\\\r";
  auto const outcome = run("error", bad);
  ASSERT_EQ(outcome.rows.at("rejects").size(), 1u);
  EXPECT_EQ(outcome.rows.at("rejects")[0].at("position"), std::to_string(bad.find("\\q")));
}

TEST(TabulateEscapes, EveryValueCountsAndEachAlone) {
  // In a field that no table reads; and a sequence that a separator cuts in two is none.
  EXPECT_EQ(run("error", message("A", "\rZZZ|1|~x^y&\\q\\")).account.rejected, 1u);
  EXPECT_EQ(run("error", message("A", "\rZZZ|1|\\Za^b\\")).account.rejected, 1u);
  EXPECT_EQ(
      run("error", message("A", "\rZZZ|\\F\\~\\S\\^\\R\\&\\.br\\\\XC3\\\\XA9\\")).account.rejected,
      0u);
  auto const charset = run("error", message("\\XFF\\"));
  EXPECT_EQ(charset.account.rejects.at("bad_charset"), 1u);
}

TEST(TabulateEscapes, WithoutAnEscapeCharacterNothingIsOne) {
  auto const outcome =
      run("error", "MSH|^~|A|B|C|D|20240131||ADT^A01|1|P|2.5\rPID|1||42||C:\\dir^G\r");
  EXPECT_EQ(outcome.account.rejected, 0u);
  EXPECT_EQ(outcome.column("patients", "family_name"), std::vector<std::string>{"C:\\dir"});
}

TEST(TabulateEscapes, OtherPoliciesAreRefused) {
  auto const stage = test::make<Stage>("tabulate", {{"escapes", "drop"}});
  ASSERT_FALSE(stage);
  EXPECT_EQ(stage.error().code, ErrorCode::bad_option);
  EXPECT_NE(stage.error().text.find("decode, keep or error"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow
