#include "tests/e2e/program.h"

// Message dedup by pipeline file, as docs/tasks/drop-duplicates.md shows it.
namespace hl7flow::testing {
namespace {

class DedupeJob : public ProgramTest {
 protected:
  static std::string message(const std::string& id, const std::string& value) {
    return "MSH|^~\\&|LAB|HOSP|||20240301||ORU^R01|" + id + "|P|2.5.1\rOBX|1|NM|GLU||" + value +
           "\r";
  }
  /// Of a run over a.hl7 and b.hl7.
  Outcome dedupe(const std::string& options, const std::string& out) const {
    write("job.yaml",
          "source: { type: files, path: [a.hl7, b.hl7] }\n"
          "stages:\n  - { type: parse }\n  - { type: dedupe, " +
              options + " }\n  - { type: tabulate }\nsinks:\n  - { type: csv, path: " + out +
              " }\n");
    return run("run job.yaml --summary json");
  }
  static bool has(const Outcome& outcome, const std::string& part) {
    return outcome.out.find(part) != std::string::npos ||
           outcome.err.find(part) != std::string::npos;
  }
};

TEST_F(DedupeJob, IdentityMayNameTheInput) {
  // Two systems behind one name count their messages alike.
  write("a.hl7", message("1", "98") + message("2", "99") + message("1", "98"));
  write("b.hl7", message("1", "97") + message("2", "99"));
  Outcome const plain = dedupe("identity: [MSH-3, MSH-4, MSH-10]", "plain");
  ASSERT_EQ(plain.exit, 0) << plain.err;
  EXPECT_TRUE(has(plain, "\"duplicates\": 2")) << plain.out;
  EXPECT_NE(read("plain/duplicates/part-00000.csv").find("id_reuse"), std::string::npos);
  Outcome const apart = dedupe("identity: [source, MSH-10]", "apart");
  ASSERT_EQ(apart.exit, 0) << apart.err;
  EXPECT_TRUE(has(apart, "\"duplicates\": 1")) << apart.out;
  std::string const table = read("apart/duplicates/part-00000.csv");
  EXPECT_EQ(table.find("id_reuse"), std::string::npos) << table;
  EXPECT_NE(table.find("duplicate_send"), std::string::npos) << table;
}

TEST_F(DedupeJob, AnotherIdentityNeedsAnotherState) {
  write("a.hl7", message("1", "98"));
  write("b.hl7", message("2", "99"));
  ASSERT_EQ(dedupe("state: seen", "first").exit, 0);
  Outcome const other = dedupe("state: seen, identity: [MSH-10]", "second");
  EXPECT_EQ(other.exit, 64) << other.err;
  EXPECT_TRUE(has(other, "identity MSH-3 MSH-4 MSH-10")) << other.err;
  Outcome const same = dedupe("state: seen", "third");
  EXPECT_EQ(same.exit, 0) << same.err;
  EXPECT_TRUE(has(same, "\"duplicates\": 2")) << same.out;
}

TEST_F(DedupeJob, ADayThatWasSeenIsSaid) {
  write("monday.hl7", message("1", "98") + message("2", "99"));
  write("tuesday.hl7", message("3", "98") + message("1", "98"));
  std::string const said = "all were seen before";
  EXPECT_FALSE(has(run("convert monday.hl7 --out monday --dedupe-state seen"), said));
  EXPECT_FALSE(has(run("convert tuesday.hl7 --out tuesday --dedupe-state seen"), said));
  Outcome const again = run("convert monday.hl7 --out again --dedupe-state seen");
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_TRUE(has(again, said)) << again.out << again.err;
  // Also where some were left out or rejected.
  write("monday.hl7", message("1", "98") + message("2", "99") + "MSH|^~\\&|A|B\r" +
                          "MSH|^~\\&|LAB|HOSP|||20240301||ADT^A08|9|P|2.5.1\r");
  Outcome const some = run("convert monday.hl7 --out some --where MSH-9.1=ORU --dedupe-state seen");
  EXPECT_TRUE(has(some, "all others were seen before")) << some.out << some.err;
}

TEST_F(DedupeJob, AnOutputIsReplacedWithWhatItsStateHoldsOfIt) {
  write("monday.hl7", message("1", "98") + message("2", "99"));
  write("tuesday.hl7", message("3", "97"));
  std::string const monday = "convert monday.hl7 --out monday --dedupe-state seen --overwrite";
  for (int k = 0; k < 3; ++k)
    EXPECT_TRUE(has(run(monday), "2 written + 0 duplicates")) << "time " << k;
  ASSERT_EQ(run("convert tuesday.hl7 --out tuesday -q --dedupe-state seen").exit, 0);
  // Messages that only this folder holds would be gone.
  std::string const rows = read("monday/messages/part-00000.parquet");
  Outcome const refused = run(monday);
  EXPECT_EQ(refused.exit, 64);
  EXPECT_TRUE(has(refused, "another run has used its state since")) << refused.err;
  EXPECT_EQ(read("monday/messages/part-00000.parquet"), rows);
  // Tuesday is the last that wrote there.
  EXPECT_TRUE(has(run("convert tuesday.hl7 --out tuesday --dedupe-state seen --overwrite"),
                  "1 written + 0 duplicates"));
  // A state that is gone is a new one; other choices are another output.
  std::filesystem::remove_all(folder_ / "seen");
  EXPECT_TRUE(has(run(monday), "2 written + 0 duplicates"));
}

TEST_F(DedupeJob, AKilledRunDoesNotGoOnOverAnother) {
  write("monday.hl7", message("1", "98") + message("2", "99"));
  write("tuesday.hl7", message("1", "98") + message("3", "97"));
  std::string const monday =
      "convert monday.hl7 --out monday --dedupe-state seen --identify-state who ";
  ASSERT_EQ(run(monday + "-q").exit, 0);
  // As if it had been killed before its end.
  auto const kill = [&] {
    std::string manifest = read("monday/_manifest.json");
    std::size_t const at = manifest.find("\"complete\": true");
    ASSERT_NE(at, std::string::npos) << manifest;
    write("monday/_manifest.json", manifest.replace(at, 16, "\"complete\": false"));
  };
  kill();
  EXPECT_EQ(run(monday + "--resume").exit, 0);
  kill();
  ASSERT_EQ(
      run("convert tuesday.hl7 --out tuesday -q --dedupe-state seen --identify-state who").exit, 0);
  Outcome const refused = run(monday + "--resume");
  EXPECT_EQ(refused.exit, 64);
  EXPECT_TRUE(has(refused, "another run has used the state in seen since")) << refused.err;
  Outcome const later = run("convert tuesday.hl7 --out later --dedupe-state seen");
  EXPECT_TRUE(has(later, "0 written + 2 duplicates")) << "what Tuesday left is still there";
}

TEST_F(DedupeJob, AStateIsOneStages) {
  write("a.hl7", message("1", "98"));
  ASSERT_EQ(run("convert a.hl7 --out first -q --dedupe-state seen").exit, 0);
  Outcome const other = run("convert a.hl7 --out second -q --identify-state seen");
  EXPECT_EQ(other.exit, 64);
  EXPECT_TRUE(has(other, "the state in seen is one of dedupe, not of identify")) << other.err;
  EXPECT_TRUE(
      has(run("persons export seen --out persons.csv"), "is one of dedupe, not of identify"));
  EXPECT_TRUE(has(run("convert a.hl7 --out third -q --dedupe-state one --identify-state one"),
                  "the state in one is in use by another stage of this run"));
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_TRUE(has(run("persons export empty --out persons.csv"), "there is no state in empty"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "empty"));
  Outcome const mended = run("convert a.hl7 --out second -q --identify-state persons");
  EXPECT_EQ(mended.exit, 0) << "a run that was refused left nothing: " << mended.err;
}

TEST_F(DedupeJob, AFolderOfOtherThingsIsNoState) {
  write("a.hl7", message("1", "98"));
  write("b.hl7", message("2", "98"));
  std::filesystem::create_directories(folder_ / "mine/records");
  write("mine/records/a.txt", "x");
  write("mine/notes.txt", "x");
  Outcome const refused = run("convert a.hl7 --out out -q --dedupe-state mine");
  EXPECT_EQ(refused.exit, 64);
  EXPECT_TRUE(has(refused, "mine holds no state but other files, such as notes.txt"))
      << refused.err;
  // Nor is it removed as one that serves a single run.
  EXPECT_EQ(dedupe("state: mine, keep_state: false", "job").exit, 64);
  EXPECT_EQ(read("mine/records/a.txt"), "x");
  std::size_t files = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder_ / "mine"))
    files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 2u);
}

TEST_F(DedupeJob, ADamagedStateIsNamed) {
  std::string text;
  for (int k = 0; k < 2000; ++k) text += message(std::to_string(k), std::to_string(k));
  write("a.hl7", text);
  write("b.hl7", message("x", "x"));
  ASSERT_EQ(dedupe("state: seen", "first").exit, 0);
  std::string records = read("seen/records/00000000.records");
  ASSERT_GT(records.size(), 8192u);
  records[5000] = static_cast<char>(records[5000] ^ 1);
  write("seen/records/00000000.records", records);
  Outcome const damaged = dedupe("state: seen", "second");
  EXPECT_EQ(damaged.exit, 74) << damaged.err;
  EXPECT_TRUE(has(damaged, "seen/records/00000000.records is not whole: block 1 is damaged"))
      << damaged.err;
}

}  // namespace
}  // namespace hl7flow::testing
