// What users and disks do wrong: one clear line on stderr, the right exit code, nothing half done.

#include <algorithm>

#include "tests/e2e/process.h"
#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

namespace fs = std::filesystem;

class Mistakes : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ASSERT_EQ(run("generate -n 200 --seed 2 -q --out day.hl7").exit, 0);
  }

  /// Expects the exit code and one line on stderr that begins with "hl7flow: " and has `part`.
  void expect(const std::string& arguments, int exit, const std::string& part) const {
    Outcome const outcome = run(arguments);
    EXPECT_EQ(outcome.exit, exit) << arguments << "\n" << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("hl7flow: ")) << arguments << "\n" << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << arguments << "\n"
                                                                           << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << arguments << "\n" << outcome.err;
    EXPECT_EQ(outcome.out, "") << arguments;
  }

  /// A shell command with PROGRAM for the program; its exit code.
  int shell(const std::string& script) const {
    write("script.sh", "PROGRAM='" HL7FLOW_PROGRAM "'\n" + script);
    std::string const command =
        "cd '" + folder_.string() + "' && sh script.sh >stdout.txt 2>stderr.txt";
    int const status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(Mistakes, OfUsageAre64) {
  expect("", 64, "subcommand");
  expect("convrt day.hl7", 64, "convrt");
  expect("convert day.hl7 --out out --frobnicate", 64, "--frobnicate");
  expect("convert --out out", 64, "input");
  expect("convert day.hl7", 64, "--out");
  expect("convert day.hl7 --out out --format xls", 64, "--format");
  expect("convert day.hl7 --out out --threads many", 64, "--threads");
  expect("convert day.hl7 --out out --format csv --codec zstd --level 3", 64, "--codec");
  expect("convert day.hl7 --out out --threads -3", 64, "--threads");
  expect("generate -n -5", 64, "--messages");
  expect("convert day.hl7 --out out --where PID", 78, "PID");
  EXPECT_FALSE(exists("out"));
}

TEST_F(Mistakes, InTheInputAre65And66) {
  expect("convert none.hl7 --out out", 66, "none.hl7");
  EXPECT_FALSE(exists("out"));
  write("text.txt", "once upon a time\nthere was no message\n");
  expect("convert text.txt -q --out text", 65, "no HL7 message");
  EXPECT_FALSE(exists("text"));  // the next try finds no output in its way
}

TEST_F(Mistakes, InTheConfigurationAre78AndHaveAPlace) {
  write("tables.toml",
        "[[table]]\nname = \"mine\"\nper = \"PID\"\ncolumns = [\n  { name = \"a\", "
        "path = \"PID-x\" },\n]\n");
  expect("convert day.hl7 --out out --tables tables.toml", 78, "tables.toml:5:");
  write("broken.toml", "[[table]\n");
  expect("convert day.hl7 --out out --tables broken.toml", 78, "broken.toml:1:");
  write("wrong.yaml",
        "source: {type: files, path: day.hl7}\nstages:\n  - type: prase\n"
        "sinks:\n  - {type: csv, path: out}\n");
  expect("run wrong.yaml", 78,
         "wrong.yaml:3:11: there is no stage \"prase\", did you mean "
         "\"parse\"?");
  write("tableless.yaml",
        "source: {type: files, path: day.hl7}\nstages: [{type: parse}]\n"
        "sinks:\n  - {type: csv, path: out}\n");
  expect("run tableless.yaml", 78, "no stage makes any");
  expect("convert day.hl7 --out out --only patient", 78, "did you mean \"patients\"?");
  expect("convert day.hl7 --out out --batch-size huge", 78, "huge");
  expect("convert day.hl7 --out out --epoch-size 0", 78, "epoch_size");
  expect("convert day.hl7 --out out --batch-size 0", 78, "batch_size");
  expect("convert day.hl7 --out out --codec zip", 78, "zip");
  expect("convert day.hl7 --out out --charset klingon", 78, "klingon");
  EXPECT_FALSE(exists("out"));
}

TEST_F(Mistakes, AtTheOutputSpareWhatIsThere) {
  fs::create_directories(folder_ / "full");
  write("full/mine.txt", "mine");
  expect("convert day.hl7 --out full", 64, "not empty");
  expect("generate -n 1 --out full/mine.txt", 64, "--overwrite replaces it");
  write("file", "I am a file");
  expect("convert day.hl7 --out file", 73, "file");
  expect("convert day.hl7 --out file/below", 73, "file/below");
  expect("convert day.hl7 --out file --overwrite", 73, "file");
  EXPECT_EQ(read("full/mine.txt"), "mine");
  EXPECT_EQ(read("file"), "I am a file");
  ASSERT_EQ(run("convert day.hl7 --out out -q").exit, 0);
  Content const before = content_of(folder_ / "out");
  expect("convert day.hl7 --out out", 64, "--overwrite");
  EXPECT_TRUE(same(content_of(folder_ / "out"), before));
}

TEST_F(Mistakes, OverwriteReplacesItsOwnFilesOnly) {
  ASSERT_EQ(run("convert day.hl7 --out out -q").exit, 0);
  write("out/notes.txt", "mine");
  ASSERT_EQ(run("convert day.hl7 --out out -q --format csv --only patients --overwrite").exit, 0);
  Content const content = content_of(folder_ / "out");
  EXPECT_TRUE(content.contains("patients/part-00000.csv"));
  EXPECT_TRUE(content.contains("notes.txt"));
  for (auto const& [path, bytes] : content) EXPECT_EQ(path.find(".parquet"), std::string::npos);
}

TEST_F(Mistakes, UnreadableInputIs66AndUnwritableOutput73) {
  fs::permissions(folder_ / "day.hl7", fs::perms::none);
  fs::create_directories(folder_ / "locked");
  fs::permissions(folder_ / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  fs::permissions(folder_, fs::perms(0755));
  std::string as;  // permissions do not apply to root
  fs::remove_all("/dev/shm/hl7flow-none");
  if (::geteuid() == 0) as = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
  if (shell(as + "\"$PROGRAM\" --version") != 0) GTEST_SKIP() << "cannot run as another user";
  EXPECT_EQ(shell(as + "\"$PROGRAM\" convert day.hl7 --out /dev/shm/hl7flow-none/out"), 66)
      << read("stderr.txt");
  EXPECT_EQ(read("stderr.txt"), "hl7flow: cannot open day.hl7: Permission denied\n");
  EXPECT_FALSE(fs::exists("/dev/shm/hl7flow-none"));
  fs::permissions(folder_ / "day.hl7", fs::perms(0644));
  EXPECT_EQ(shell(as + "\"$PROGRAM\" convert day.hl7 --out locked/out"), 73) << read("stderr.txt");
  EXPECT_NE(read("stderr.txt").find("locked/out"), std::string::npos);
}

TEST_F(Mistakes, AFullDiskIs74AndLeavesNoHalfFile) {
  ASSERT_EQ(run("generate -n 60000 --seed 2 -q --out large.hl7").exit, 0);
  fs::create_directories(folder_ / "disk");
  if (shell("unshare -m mount -t tmpfs -o size=2m tmpfs disk") != 0)
    GTEST_SKIP() << "may not mount a small disk here";
  std::string const mounted =
      "unshare -m sh -c 'mount -t tmpfs -o size=2m tmpfs disk && \"$0\" convert large.hl7 -q "
      "--epoch-size 4MiB --out disk/out; code=$?; rm -rf left; cp -r disk/out left; exit $code' "
      "\"$PROGRAM\"";
  EXPECT_EQ(shell(mounted), 74) << read("stderr.txt");
  std::string const errors = read("stderr.txt");
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
  EXPECT_NE(errors.find("No space left on device"), std::string::npos) << errors;
  Content const left = content_of(folder_ / "left");
  EXPECT_EQ(half_files(left), std::vector<std::string>{});
  for (auto const& [path, bytes] : left)
    EXPECT_TRUE(path == "_manifest.json" ||
                left.at("_manifest.json").find('"' + path + '"') != std::string::npos)
        << path << " is not in the manifest";
}

TEST_F(Mistakes, ALimitOnFileSizesIs74AndLeavesNoHalfFile) {
  ASSERT_EQ(run("generate -n 20000 --seed 2 -q --out large.hl7").exit, 0);
  EXPECT_EQ(shell("ulimit -f 200\n\"$PROGRAM\" convert large.hl7 -q --out out"), 74)
      << read("stderr.txt");
  std::string const errors = read("stderr.txt");
  EXPECT_NE(errors.find("File too large"), std::string::npos) << errors;
  Content const left = content_of(folder_ / "out");
  EXPECT_EQ(left.size(), 1u);
  EXPECT_TRUE(left.contains("_manifest.json"));
}

}  // namespace
}  // namespace hl7flow::testing
