#include <filesystem>

#include <hl7flow/pipeline/catalogue.h>

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using test::Row;
using Texts = std::vector<std::string>;

/// An order or a result. `order`: ORC-1 and the numbers of OBR; `at` OBR-7.
struct Message {
  std::string type = "ORM^O01", control = "NW", placer, filler, code = "GLU^Glucose^L",
              at = "20240301120000", patient = "7", provider = "55^Who", rest = "||||||||F";
  std::string text() const {
    static int number = 0;
    return "MSH|^~\\&|A|HOSP|||20240301||" + type + "|" + std::to_string(++number) +
           "|P|2.5.1\rPID|1||" + patient + "^^^HOSP^MR\rORC|" + control + "|" + placer + "|" +
           filler + "\rOBR|1|" + placer + "|" + filler + "|" + code + "|||" + at + "|||||||||" +
           provider + rest + "\r";
  }
};
std::string order(const std::string& placer, const std::string& at,
                  const std::string& code = "GLU^Glucose^L") {
  Message one;
  one.placer = placer;
  one.at = at;
  one.code = code;
  return one.text();
}
std::string result(const std::string& filler, const std::string& at,
                   const std::string& placer = {}) {
  Message one;
  one.type = "ORU^R01";
  one.control = "RE";
  one.placer = placer;
  one.filler = filler;
  one.at = at;
  return one.text();
}

class FlagRepeats : public ::testing::Test {
 protected:
  FlagRepeats() {
    folder_ =
        std::filesystem::path(::testing::TempDir()) /
        ("repeats_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
  }
  ~FlagRepeats() override { std::filesystem::remove_all(folder_); }

  static Outcome run(const std::string& text, const ConfigNode& settings = test::settings({}),
                     std::size_t batch_size = 1u << 20) {
    return test::run_text(std::make_unique<test::TextSource>(text, batch_size),
                          {{"parse", test::settings({})},
                           {"flag_repeats", settings},
                           {"tabulate", test::settings({})}});
  }
  static std::vector<Row> rows(const Outcome& outcome) {
    auto const found = outcome.rows.find("repeated_orders");
    return found == outcome.rows.end() ? std::vector<Row>() : found->second;
  }
  static std::size_t count(const std::string& text) { return rows(run(text)).size(); }

  std::filesystem::path folder_;
};

TEST_F(FlagRepeats, TheSameTestAgainUnderAnotherOrder) {
  Outcome const done = run(order("1", "20240301120000") + order("2", "20240301180000"));
  ASSERT_EQ(rows(done).size(), 1u);
  Row const row = rows(done)[0];
  EXPECT_EQ(row.at("placer_order_number"), "2");
  EXPECT_EQ(row.at("patient_id"), "7");
  EXPECT_EQ(row.at("service_code"), "GLU");
  EXPECT_EQ(row.at("kind"), "order");
  EXPECT_EQ(row.at("seconds_apart"), "21600");
  EXPECT_EQ(row.at("segment"), "4");
  EXPECT_EQ(row.at("same_provider"), "1");
  Texts const ids = done.column("messages", "message_id");
  EXPECT_EQ(row.at("message_id"), ids[1]);
  EXPECT_EQ(row.at("previous_message_id"), ids[0]);
  EXPECT_EQ(done.account.written, 2u) << "nothing is dropped";
}

TEST_F(FlagRepeats, OtherTestsPersonsAndTimesAreNone) {
  std::string const first = order("1", "20240301120000");
  EXPECT_EQ(count(first + order("2", "20240301130000", "NA^Sodium^L")), 0u);
  EXPECT_EQ(count(first + order("2", "20240302120001")), 0u);
  EXPECT_EQ(count(first + order("2", "20240302120000")), 1u);
  EXPECT_EQ(count(first + order("2", "20240229130000")), 1u) << "it came out of order";
  Message other;
  other.placer = "2";
  other.patient = "8";
  EXPECT_EQ(count(first + other.text()), 0u);
}

TEST_F(FlagRepeats, ATestThatNobodyIsSaidToHaveOrdered) {
  auto const result_at = [](const std::string& number, const std::string& at) {
    return "MSH|^~\\&|LAB|N|||" + at + "||ORU^R01|" + number +
           "|P|2.5.1\rPID|1||100^^^N^MR\rOBR|1|P" + number + "|F" + number + "|GLU^Glucose^L|||" +
           at + "\r";
  };
  Outcome const done = run(result_at("1", "20260101080000") + result_at("2", "20260101100000"));
  ASSERT_EQ(rows(done).size(), 1u);
  Row const row = rows(done)[0];
  EXPECT_EQ(row.at("seconds_apart"), "7200");
  EXPECT_EQ(row.at("placer_order_number"), "P2");
  EXPECT_EQ(row.count("provider_id") == 0 ? "" : row.at("provider_id"), "");
}

TEST_F(FlagRepeats, OneOrderIsOneTest) {
  std::string const ordered = order("1", "20240301120000");
  EXPECT_EQ(
      count(ordered + result("9", "20240301130000", "1") + result("9", "20240301140000") + ordered),
      0u)
      << "its results and updates, by either number";
  EXPECT_EQ(count(ordered + result("9", "20240301130000", "2")), 1u);
  EXPECT_EQ(count(result("8", "20240301130000") + result("9", "20240301140000")), 1u);
  EXPECT_EQ(count(result("", "20240301130000") + result("", "20240301130000")), 0u)
      << "without numbers, the time is the order's";
  EXPECT_EQ(count(result("", "20240301130000") + result("", "20240301140000")), 1u);
  for (const char* const status : {"SC", "XO", "SN", "OK"}) {
    Message update;
    update.control = status;
    update.placer = "5";
    EXPECT_EQ(count(ordered + update.text()), 0u) << status;
  }
}

TEST_F(FlagRepeats, WhatWasCancelledIsNotRepeated) {
  std::string const ordered = order("1", "20240301120000");
  for (const char* const control : {"CA", "DC", "OC"}) {
    Message cancel;
    cancel.control = control;
    cancel.placer = "1";
    EXPECT_EQ(count(ordered + cancel.text() + order("2", "20240301130000")), 0u) << control;
    EXPECT_EQ(count(ordered + cancel.text() + order("2", "20240301130000") +
                    order("3", "20240301140000")),
              1u);
  }
  Message not_done;
  not_done.type = "ORU^R01";
  not_done.filler = "8";
  not_done.rest = "|||||||||X";
  EXPECT_EQ(count(not_done.text() + result("9", "20240301130000")), 0u);
}

TEST_F(FlagRepeats, WhatALaboratoryAddsIsNone) {
  Message parent;
  parent.type = "ORU^R01";
  parent.filler = "7";
  std::string const text =
      "MSH|^~\\&|A|HOSP|||20240301||ORU^R01|r|P|2.5.1\rPID|1||7^^^HOSP^MR\r"
      "OBR|1||6|GLU^Glucose^L|||20240301130000||||||||||||||||||F||||77^X\r";
  EXPECT_EQ(count(parent.text() + text), 0u);
}

TEST_F(FlagRepeats, ATestMayHaveItsOwnWindow) {
  auto const settings =
      parse_yaml("window: 2h\nwindows:\n  - { codes: [TROP, 6598-7], window: 30m }\n", "test");
  ASSERT_TRUE(settings);
  auto const repeats = [&](const std::string& code, const std::string& at) {
    return rows(run(order("1", "20240301120000", code) + order("2", at, code), *settings)).size();
  };
  EXPECT_EQ(repeats("TROP^Troponin^L", "20240301123000"), 1u);
  EXPECT_EQ(repeats("TROP^Troponin^L", "20240301123001"), 0u);
  EXPECT_EQ(repeats("GLU^Glucose^L", "20240301140000"), 1u);
  EXPECT_EQ(repeats("GLU^Glucose^L", "20240301140001"), 0u);
}

TEST_F(FlagRepeats, APersonIsTheSameUnderOtherNumbers) {
  Message here, there;
  here.placer = "1";
  there.placer = "2";
  there.patient = "99^^^LAB^MR~7";
  std::string const text = here.text() + there.text();
  EXPECT_EQ(count(text), 0u);
  Outcome const done = test::run_text(text, {{"parse", test::settings({})},
                                             {"identify", test::settings({})},
                                             {"flag_repeats", test::settings({})},
                                             {"tabulate", test::settings({})}});
  ASSERT_EQ(rows(done).size(), 1u);
  EXPECT_EQ(rows(done)[0].at("person_id").size(), 32u);
}

TEST_F(FlagRepeats, ATestIsTheSameUnderOtherCodes) {
  std::string const text = order("1", "20240301120000", "2345-7^Glucose^LN") +
                           order("2", "20240301130000", "02345-7^GLUCOSE^LN");
  EXPECT_EQ(count(text), 0u);
  Outcome const done = test::run_text(text, {{"parse", test::settings({})},
                                             {"map_codes", test::settings({{"store", "starter"}})},
                                             {"flag_repeats", test::settings({})},
                                             {"tabulate", test::settings({})}});
  EXPECT_EQ(rows(done).size(), 1u);
}

TEST_F(FlagRepeats, BatchesAndRestartsDoNotMatter) {
  Texts messages;
  for (int k = 0; k < 300; ++k) {
    Message one;
    one.placer = std::to_string(k * 7 % 211);
    one.patient = std::to_string(k % 13);
    one.control = k % 11 == 0 ? "CA" : "NW";
    one.at = std::to_string(20240301100000 + k * 100 % 6000);
    messages.push_back(one.text());
  }
  std::string whole;
  for (std::string const& one : messages) whole += one;
  for (const char* const kept : {"1000", "40"}) {
    Outcome const expected = run(whole, test::settings({{"orders", kept}}));
    EXPECT_GT(rows(expected).size(), 50u);
    for (std::size_t const size : {300u, 4000u})
      EXPECT_EQ(rows(run(whole, test::settings({{"orders", kept}}), size)), rows(expected));
    std::filesystem::remove_all(folder_);
    std::vector<Row> all;
    for (std::size_t k = 0; k < messages.size(); k += 30) {
      std::string part;
      for (std::size_t j = k; j < k + 30; ++j) part += messages[j];
      auto const more =
          rows(run(part, test::settings({{"orders", kept}, {"state", folder_.string()}}), 900));
      all.insert(all.end(), more.begin(), more.end());
    }
    EXPECT_EQ(all, rows(expected)) << kept;
  }
}

TEST_F(FlagRepeats, WrongOptionsSayWhat) {
  for (auto const& [option, value] :
       {std::pair("window", "soon"), std::pair("window", ""), std::pair("orders", "0")}) {
    auto const made = make_stage("flag_repeats", test::settings({{option, value}}));
    ASSERT_FALSE(made) << option;
    EXPECT_EQ(made.error().code, ErrorCode::bad_option) << made.error().text;
  }
  for (const char* const windows :
       {"windows: 3\n", "windows: [{ codes: [A] }]\n", "windows: [{ window: 3h }]\n",
        "windows: [{ code: A, window: 3h }]\n", "windows: [{ codes: [A], window: x }]\n"})
    EXPECT_FALSE(make_stage("flag_repeats", *parse_yaml(windows, "test"))) << windows;
}

}  // namespace
}  // namespace hl7flow
