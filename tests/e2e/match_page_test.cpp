// hl7flow match explain --html and --person: one page that needs nothing else, and tells no more of
// patients than it is asked to.

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

class MatchPage : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    write("people.csv", people());
  }
  std::size_t count(const std::string& text, std::string_view part) const {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
      ++found;
    return found;
  }
};

TEST_F(MatchPage, ShowsThePairAndTheModel) {
  Outcome const done = run("match explain people.csv --id record --pair 7a,7b --html why.html");
  ASSERT_EQ(done.exit, 0) << done.err;
  std::string const page = read("why.html");
  for (const char* const part :
       {"<h1>One person</h1>", "<h2>Evidence</h2>", "<h2>Match weights</h2>", "<h2>m and u</h2>",
        "<h2>Pairs by bits</h2>", "<h2>Threshold</h2>", "<h2>Unlinkable records</h2>",
        "prefers-color-scheme: dark", "list 1, row 15", "list 1, row 16", "any two records"})
    EXPECT_TRUE(has(page, part)) << part;
  EXPECT_EQ(count(page, "<svg"), 6u);
  EXPECT_EQ(count(page, "</svg>"), 6u);
  EXPECT_EQ(run("match explain people.csv --id record --pair 7a,7b --html why.html").exit, 64)
      << "it is there already";
  Outcome const two =
      run("match explain people.csv --id record --pair 7a,8a --html why.html --overwrite");
  EXPECT_EQ(two.exit, 1) << two.err;
  EXPECT_TRUE(has(read("why.html"), "<h1>Two persons</h1>"));
}

TEST_F(MatchPage, NeedsNothingElse) {
  ASSERT_EQ(run("match explain people.csv --id record --person 7a --html who.html").exit, 0);
  std::string const page = read("who.html");
  for (const char* const part : {"http://", "https://", "src=", "href=", "url(", "@import",
                                 "<script", "<link", "<img", "nan", "inf\""})
    EXPECT_FALSE(has(page, part)) << part;
}

TEST_F(MatchPage, HoldsNoValuesUnlessAskedTo) {
  std::string const explain = "match explain people.csv --id record --person 7b --html ";
  ASSERT_EQ(run(explain + "without.html").exit, 0);
  ASSERT_EQ(run(explain + "with.html --values").exit, 0);
  for (const char* const value : {"clara", "huber", "19370817", "town0", "7a", "7b"}) {
    EXPECT_FALSE(has(read("without.html"), value)) << value;
    EXPECT_TRUE(has(read("with.html"), value)) << value;
  }
  EXPECT_TRUE(has(read("without.html"), "<h1>A person of 2 records</h1>"));
}

TEST_F(MatchPage, TextIsNoMarkup) {
  std::string text = "id,surname,email\n";
  for (int k = 0; k < 20; ++k)
    for (const char* const which : {"a", "b"})
      text += std::string("<i>") + which + std::to_string(k) + ",name" + std::to_string(k) +
              ",<script>&" + std::to_string(k) + "'@x\xff\n";
  write("bad.csv", text);
  ASSERT_EQ(run("match explain bad.csv --person '<i>a7' --values --html page.html").exit, 0);
  std::string const page = read("page.html");
  EXPECT_TRUE(has(page, "&lt;script&gt;&amp;7&#39;@x\xEF\xBF\xBD")) << page.substr(0, 5000);
  EXPECT_TRUE(has(page, "&lt;i&gt;a7"));
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_FALSE(has(page, "<i>"));
}

TEST_F(MatchPage, APersonIsAllItsRecords) {
  Outcome const done = run("match explain people.csv --id record --person 7b");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out, "person 7a: 2 records\n  7a (list 1)\n  7b (list 1)\n7a and 7b\n"))
      << done.out;
  EXPECT_TRUE(has(done.out, "one person"));
  EXPECT_EQ(run("match explain people.csv --id record --person nobody").exit, 66);
  EXPECT_EQ(run("match explain people.csv --id record").exit, 64);
  EXPECT_EQ(run("match explain people.csv --id record --person 7a --pair 7a,7b").exit, 64);
}

}  // namespace
}  // namespace hl7flow::testing
