// Output bytes depend on the input and on what was asked for: not on threads, not on batches.

#include "tests/e2e/process.h"
#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

/// `text` with each CR written as `line_end`.
std::string with_line_ends(const std::string& text, std::string_view line_end) {
  std::string out;
  for (char const c : text)
    if (c == '\r')
      out += line_end;
    else
      out += c;
  return out;
}

class Determinism : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ASSERT_EQ(run("generate -n 3000 --seed 3 --defects 0.03 -q --out cr.hl7").exit, 0);
    ASSERT_EQ(run("generate -n 3000 --seed 3 --defects 0.03 --mllp -q --out mllp.hl7").exit, 0);
    std::string const text = read("cr.hl7");
    write("second.hl7", text);
    write("lf.hl7", with_line_ends(text, "\n"));
    write("crlf.hl7", with_line_ends(text, "\r\n"));
  }

  /// Converts two inputs, so that epochs and batches cross from one to the next.
  Content convert(const std::string& input, const std::string& options) {
    Outcome const outcome =
        run("convert " + input + " second.hl7 -q --epoch-size 700KiB --out out " + options);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    Content content = content_of(folder_ / "out");
    std::filesystem::remove_all(folder_ / "out");
    EXPECT_GT(content.size(), 5u);
    return content;
  }

  void check(const std::string& input) {
    for (const char* const format : {"parquet", "csv", "ndjson", "er7"}) {
      std::string const kind = std::string(" --format ") + format;
      Content const expected = convert(input, "-j 1 --batch-size 256KiB" + kind);
      for (const char* const way :
           {"-j 2 --batch-size 1KiB", "-j 4 --batch-size 33000", "-j 8 --batch-size 256KiB",
            "-j 2 --batch-size 4MiB", "-j 1 --batch-size 4KiB"})
        EXPECT_TRUE(same(convert(input, way + kind), expected)) << input << kind << " " << way;
    }
  }
};

TEST_F(Determinism, OfSegmentsEndedByCr) { check("cr.hl7"); }
TEST_F(Determinism, OfSegmentsEndedByLf) { check("lf.hl7"); }
TEST_F(Determinism, OfSegmentsEndedByCrLf) { check("crlf.hl7"); }
TEST_F(Determinism, OfAnMllpCapture) { check("mllp.hl7"); }
TEST_F(Determinism, OfWhatWasSentTwice) {
  for (const char* const format : {"csv", "er7"}) {
    std::string const kind = std::string(" --dedupe --format ") + format;
    Content const expected = convert("cr.hl7", "-j 1 --batch-size 256KiB" + kind);
    for (const char* const way : {"-j 2 --batch-size 1KiB", "-j 8 --batch-size 33000"})
      EXPECT_TRUE(same(convert("cr.hl7", way + kind), expected)) << kind << " " << way;
  }
}

TEST_F(Determinism, LineEndsAndFramesDoNotChangeWhatIsRead) {
  ASSERT_EQ(run("generate -n 2000 --seed 4 -q --overwrite --out cr.hl7").exit, 0);
  ASSERT_EQ(run("generate -n 2000 --seed 4 --mllp -q --overwrite --out mllp.hl7").exit, 0);
  std::string const text = read("cr.hl7");
  write("lf.hl7", with_line_ends(text, "\n"));
  write("crlf.hl7", with_line_ends(text, "\r\n"));
  std::string const query = "query --values-only MSH-10 'PID-3(*)' PID-5 ";
  std::string const expected = run(query + "cr.hl7").out;
  EXPECT_GT(expected.size(), 50'000u);
  for (const char* const input : {"lf.hl7", "crlf.hl7", "mllp.hl7"})
    EXPECT_EQ(run(query + input).out, expected) << input;
}

}  // namespace
}  // namespace hl7flow::testing
