#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

using ::testing::Test;

/// Two messages: an admission, and results of two tests for a woman.
const char* const feed =
    "MSH|^~\\&|ADM|HOSP|DWH|HOSP|20240301120005+0100||ADT^A01^ADT_A01|c1|P|2.5.1\r"
    "PID|1||111^^^HOSP^MR~222^^^USA^SS||Smith \\T\\ Co^John||19800131|M\r"
    "PV1|1|I|W1^2^3\r"
    "ZAA|local\r"
    "MSH|^~\\&|LAB|HOSP|DWH|HOSP|20240301120105||ORU^R01^ORU_R01|c2|P|2.5.1\r"
    "PID|1||333^^^HOSP^MR||Doe^Jane||\"\"|F\r"
    "OBR|1|||GLU^Glucose\r"
    "OBX|1|NM|GLU^Glucose||98|mg/dL|||||F\r"
    "OBX|2|NM|NA^Sodium||140|mmol/L|||||F\r";

const char* const pipeline =
    "source:\n  type: files\n  path: feed.hl7\n"
    "stages:\n  - type: parse\n  - type: filter\n    where: [\"PID-8=F\"]\n"
    "  - type: tabulate\n    only: [patients]\n"
    "sinks:\n  - type: parquet\n    path: out\n";

class Verbs : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("feed.hl7", feed);
    write("pipeline.yaml", pipeline);
  }
};

TEST_F(Verbs, BadUsageIs64) {
  EXPECT_EQ(run("").exit, 64);
  EXPECT_EQ(run("frobnicate").exit, 64);
  EXPECT_EQ(run("inspect --frobnicate").exit, 64);
  EXPECT_EQ(run("convert feed.hl7").exit, 64);
  EXPECT_EQ(run("query PID-x feed.hl7").exit, 64);
  EXPECT_EQ(run("query PID-3 --where PID feed.hl7").exit, 64);
  EXPECT_EQ(run("query 'OBX(*)-3' 'NTE(*)-3' feed.hl7").exit, 64);
  EXPECT_EQ(run("inspect --field nonsense feed.hl7").exit, 64);
  EXPECT_EQ(run("stats --segment PIDX feed.hl7").exit, 64);
}

TEST_F(Verbs, MissingInputIs66) {
  for (const char* const verb : {"inspect none.hl7", "query PID-3 none.hl7", "stats none.hl7",
                                 "convert none.hl7 --out out", "run none.yaml"}) {
    Outcome const outcome = run(verb);
    EXPECT_EQ(outcome.exit, 66) << verb;
    EXPECT_NE(outcome.err.find("none."), std::string::npos) << outcome.err;
  }
  EXPECT_FALSE(exists("out"));
}

TEST_F(Verbs, InputThatIsNotHl7Is65) {
  write("text.txt", "once upon a time\n");
  EXPECT_EQ(run("inspect text.txt").exit, 65);
  EXPECT_EQ(run("query PID-3 text.txt").exit, 65);
  EXPECT_EQ(run("stats text.txt").exit, 65);
  EXPECT_EQ(run("convert text.txt --out out").exit, 65);
}

TEST_F(Verbs, OutputThatCannotBeWrittenIs74) {
  for (const char* const verb : {"query PID-3 feed.hl7", "query --count PID-3 feed.hl7",
                                 "inspect feed.hl7", "stats feed.hl7", "components"}) {
    // The shell ignores what follows the last character: the usual redirections.
    Outcome const outcome =
        run(std::string(verb) + " </dev/null >/dev/full 2>/dev/null; exit $? #");
    EXPECT_EQ(outcome.exit, 74) << verb;
  }
}

TEST_F(Verbs, EveryVerbHasHelpWithExamples) {
  for (const char* const verb :
       {"convert", "run", "inspect", "query", "stats", "generate", "components"}) {
    Outcome const outcome = run(std::string(verb) + " --help");
    EXPECT_EQ(outcome.exit, 0);
    EXPECT_NE(outcome.out.find("Examples:\n"), std::string::npos) << verb;
    EXPECT_NE(outcome.out.find(std::string("hl7flow ") + verb), std::string::npos) << verb;
  }
}

TEST_F(Verbs, QueryPrintsALineAMessage) {
  Outcome const outcome = run("query PID-3.1 PID-5 feed.hl7");
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(outcome.out,
            "feed.hl7\t1\tc1\t111\tSmith \\T\\ Co^John\n"
            "feed.hl7\t2\tc2\t333\tDoe^Jane\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Verbs, QueryPrintsALineASegmentAndDecodes) {
  EXPECT_EQ(run("query --values-only 'OBX(*)-3.1' 'OBX(*)-5' PID-5.1 feed.hl7").out,
            "GLU\t98\tDoe\nNA\t140\tDoe\n");
  EXPECT_EQ(run("query --values-only --decode PID-5.1 'PID-3(*).1' feed.hl7").out,
            "Smith & Co\t111~222\nDoe\t333\n");
  EXPECT_EQ(run("query --json 'PID-3(*).1' 'PID-3[5=SS].1' --where PV1 feed.hl7").exit, 64);
  EXPECT_EQ(run("query --json 'PID-3(*).1' 'PID-3[5=SS].1' --where PV1-2 feed.hl7").out,
            "{\"file\": \"feed.hl7\", \"message\": 1, \"control_id\": \"c1\", "
            "\"PID-3(*).1\": [\"111\",\"222\"], \"PID-3[5=SS].1\": \"222\"}\n");
}

TEST_F(Verbs, QueryKeepsTheTableWhole) {
  write("tab.hl7", "MSH|^~\\&|A|||||||1|P|2.5\rNTE|1||one\ttwo\\.br\\three\r");
  EXPECT_EQ(run("query --values-only --decode NTE-3 NTE-1 tab.hl7").out, "one\\ttwo\\nthree\t1\n");
}

TEST_F(Verbs, QuerySaysNoWhenNothingMatches) {
  EXPECT_EQ(run("query PID-30 feed.hl7").exit, 1);
  EXPECT_EQ(run("query PID-30 --all feed.hl7").exit, 0);
  Outcome const none = run("query PID-3 --where PID-8=X --count feed.hl7");
  EXPECT_EQ(none.exit, 1);
  EXPECT_EQ(none.out, "0\n");
  EXPECT_EQ(run("query 'OBX(*)-3' --where 'OBX(*)-3.1=NA' --count feed.hl7").out, "2\n");
}

TEST_F(Verbs, QueryReadsStandardInput) {
  write("stdin", feed);
  EXPECT_EQ(run("query --values-only PID-5.1").out, "Smith \\T\\ Co\nDoe\n");
  EXPECT_EQ(run("query PID-5.1 - --where PID-8=F").out, "-\t2\tc2\tDoe\n");
}

TEST_F(Verbs, QueryGivesTheSameLinesOnAnyNumberOfThreads) {
  ASSERT_EQ(run("generate -n 3000 --seed 5 --defects 0.02 --out day.hl7").exit, 0);
  Outcome const one = run("query MSH-10 PID-3.1 day.hl7 -j 1");
  Outcome const many = run("query MSH-10 PID-3.1 day.hl7 -j 8");
  EXPECT_EQ(one.exit, 0);
  EXPECT_GT(one.out.size(), 50'000u);
  EXPECT_EQ(one.out, many.out);
}

TEST_F(Verbs, InspectLaysOutAMessage) {
  Outcome const outcome = run("inspect feed.hl7");
  EXPECT_EQ(outcome.exit, 0);
  for (const char* const part :
       {"ADT^A01  HL7 2.5.1  structure ADT_A01", "sent 2024-03-01 12:00:05 +01:00", "PID-3(2).1",
        "Patient Identifier List", "Smith & Co", "sent as Smith \\T\\ Co", "19800131  1980-01-31",
        "ZAA  (a local segment", "ZAA-1"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_NE(outcome.err.find("more messages follow"), std::string::npos);
}

TEST_F(Verbs, InspectShowsGroupsDeletesAndOneMessage) {
  Outcome const outcome = run("inspect feed.hl7 --message 2");
  EXPECT_EQ(outcome.exit, 0);
  for (const char* const part :
       {"feed.hl7 message 2  line 5", "PATIENT_RESULT(1)", "ORDER_OBSERVATION(1)", "OBSERVATION(2)",
        "OBX(2)-5", "delete: the receiver is to clear what it holds"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  EXPECT_EQ(outcome.out.find("ADT^A01"), std::string::npos);
  EXPECT_EQ(run("inspect feed.hl7 --message 3").exit, 1);
}

TEST_F(Verbs, InspectSaysWhatIsMissingAndWhatIsEmpty) {
  write("thin.hl7", "MSH|^~\\&|A|||||||1|P|2.5\rPID|1||7|\rNTE|1||^^\r");
  Outcome const outcome = run("inspect thin.hl7");
  EXPECT_NE(outcome.out.find("required, but empty: PID-5\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("only delimiters: no information"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("PID-4"), std::string::npos);
  Outcome const empties = run("inspect thin.hl7 --empty --field PID-4");
  EXPECT_NE(empties.out.find("no information"), std::string::npos) << empties.out;
}

TEST_F(Verbs, InspectRestrictsToFields) {
  Outcome const outcome = run("inspect feed.hl7 --all --field PID-8 --field OBR");
  EXPECT_NE(outcome.out.find("PID-8 "), std::string::npos);
  EXPECT_NE(outcome.out.find("OBR-4.2"), std::string::npos);
  EXPECT_EQ(outcome.out.find("PID-5"), std::string::npos);
  EXPECT_EQ(outcome.out.find("MSH-1"), std::string::npos);
}

TEST_F(Verbs, InspectColoursOnDemandOnly) {
  EXPECT_NE(run("inspect feed.hl7 --color always").out.find("\x1b[1m"), std::string::npos);
  EXPECT_EQ(run("inspect feed.hl7 --color never").out.find('\x1b'), std::string::npos);
}

TEST_F(Verbs, InspectExplainsARejectedMessage) {
  write("bad.hl7", std::string(feed) + "MSH|^^^^|bad\rPID|1\r");
  Outcome const outcome = run("inspect bad.hl7 --rejected");
  EXPECT_EQ(outcome.exit, 0);
  for (const char* const part : {"bad_delimiters: ", "line 10, byte 6 of the line", "MSH|^^^^|bad"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  Outcome const json = run("inspect bad.hl7 --rejected --json");
  EXPECT_NE(json.out.find("\"error\": {\"code\": \"bad_delimiters\""), std::string::npos);
  EXPECT_NE(json.out.find("\"line\": 10"), std::string::npos);
}

TEST_F(Verbs, InspectWritesJson) {
  Outcome const outcome = run("inspect feed.hl7 --json --field PID-5");
  EXPECT_NE(outcome.out.find("{\"path\": \"PID-5.1\", \"name\": \"Family Name\", \"type\": \"FN\", "
                             "\"raw\": \"Smith \\\\T\\\\ Co\", \"text\": \"Smith & Co\"}"),
            std::string::npos)
      << outcome.out;
}

TEST_F(Verbs, InspectLetsNoControlCharacterThrough) {
  write("escape.hl7", "MSH|^~\\&|A|||||||1|P|2.5\rNTE|1||\x1b[31mred\\X1B\\[0m\r");
  Outcome const outcome = run("inspect escape.hl7");
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_NE(outcome.out.find("<1B>[31mred"), std::string::npos);
}

TEST_F(Verbs, StatsCountsFieldsButShowsNoValues) {
  Outcome const outcome = run("stats feed.hl7");
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_NE(outcome.out.find("1  ADT^A01"), std::string::npos);
  EXPECT_NE(outcome.out.find("1  LAB at HOSP"), std::string::npos);
  EXPECT_NE(outcome.out.find("repeats up to 2 times in 50.0 %"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("1 deletes"), std::string::npos);
  EXPECT_EQ(outcome.out.find("Doe"), std::string::npos);
  EXPECT_NE(run("stats feed.hl7 --values --segment PID").out.find("Doe^Jane (1)"),
            std::string::npos);
}

TEST_F(Verbs, StatsWritesJsonThatDoesNotDependOnThreads) {
  ASSERT_EQ(run("generate -n 3000 --seed 5 --out day.hl7").exit, 0);
  Outcome const one = run("stats day.hl7 --json --values -j 1");
  EXPECT_NE(one.out.find("\"path\": \"MSH-10\""), std::string::npos);
  EXPECT_NE(one.out.find("\"distinct_is_exact\": false"), std::string::npos);
  EXPECT_EQ(one.out, run("stats day.hl7 --json --values -j 8").out);
}

TEST_F(Verbs, RunWritesWhatThePipelineSays) {
  Outcome const outcome = run("run pipeline.yaml --summary json");
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\"messages_in\": 2"), std::string::npos);
  EXPECT_NE(outcome.out.find("\"filtered\": 1"), std::string::npos);
  EXPECT_NE(read("out/_manifest.json").find("patients/"), std::string::npos);
  EXPECT_FALSE(exists("out/observations"));

  EXPECT_EQ(run("run pipeline.yaml").exit, 64) << "the output exists";
  EXPECT_EQ(run("run pipeline.yaml --resume").exit, 0) << "complete already";
  EXPECT_EQ(run("run pipeline.yaml --overwrite").exit, 0);
  EXPECT_EQ(run("run pipeline.yaml --resume --set 'stages.filter.where=PID-8=M'").exit, 64)
      << "other settings";
  EXPECT_EQ(run("run pipeline.yaml --set sinks.0.path=other").exit, 0);
  EXPECT_TRUE(exists("other/_manifest.json"));
}

TEST_F(Verbs, RunReadsToml) {
  write("pipeline.toml",
        "[source]\ntype = 'files'\npath = ['feed.hl7']\n[[stages]]\ntype = 'parse'\n[[stages]]\n"
        "type = 'tabulate'\n[[sinks]]\ntype = 'parquet'\npath = 'out'\n");
  EXPECT_EQ(run("run pipeline.toml -q").exit, 0);
  EXPECT_TRUE(exists("out/observations"));
}

struct WrongFile {
  const char *what, *with, *expected;
};

TEST_F(Verbs, RunNamesThePlaceOfWhatIsWrong) {
  const WrongFile cases[] = {
      {"type: files", "type: file", "pipeline.yaml:2:9: there is no source \"file\""},
      {"path: feed.hl7", "pth: feed.hl7", "pipeline.yaml:3:8: unknown option \"pth\", did you"},
      {"sinks:", "sinx:", "pipeline.yaml:11:3: unknown key \"sinx\""},
      {"type: parse\n", "type: filter\n", "pipeline.yaml:5:5: the first stage must be parse"},
      {"[patients]", "[patient]", "unknown table \"patient\", did you mean \"patients\"?"},
      {"PID-8=F", "PID=F", "pipeline.yaml:7:13: the path does not parse"},
      {"path: out", "level: 1", "pipeline.yaml:11:5: the sink needs a path"},
      {"    path: out", "  path: out", "pipeline.yaml:"},
  };
  for (WrongFile const& wrong : cases) {
    std::string text = pipeline;
    text.replace(text.find(wrong.what), std::string(wrong.what).size(), wrong.with);
    write("pipeline.yaml", text);
    for (const char* const flag : {"", " --check", " --dry-run"}) {
      Outcome const outcome = run(std::string("run pipeline.yaml") + flag);
      EXPECT_EQ(outcome.exit, 78) << wrong.with;
      EXPECT_NE(outcome.err.find(wrong.expected), std::string::npos) << outcome.err;
    }
  }
  EXPECT_FALSE(exists("out"));
}

TEST_F(Verbs, RunChecksWithoutRunning) {
  EXPECT_EQ(run("run pipeline.yaml --check").exit, 0);
  EXPECT_EQ(run("run pipeline.yaml --check --set source.pth=x").exit, 78);
  EXPECT_EQ(run("run pipeline.yaml --check --set stages.tabulte.only=x").exit, 78);
  EXPECT_EQ(run("run pipeline.yaml --check --set sinks.7.path=x").exit, 78);
  EXPECT_FALSE(exists("out"));
}

TEST_F(Verbs, ADryRunIsAPipelineFile) {
  Outcome const outcome =
      run("convert feed.hl7 --out out --only patients --where 'PID-8 in F, O' --dry-run");
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_FALSE(exists("out"));
  write("made.yaml", outcome.out);
  EXPECT_EQ(run("run made.yaml --dry-run").out, outcome.out);
  EXPECT_EQ(run("run made.yaml -q").exit, 0);
  EXPECT_EQ(run("convert feed.hl7 --out direct --only patients --where 'PID-8 in F, O' -q").exit,
            0);
  std::string const part = "/patients/" + std::string("part-00000.parquet");
  ASSERT_TRUE(exists("out" + part));
  EXPECT_EQ(read("out" + part), read("direct" + part));
}

TEST_F(Verbs, ConvertChecksItsRequest) {
  EXPECT_EQ(run("convert feed.hl7 --out out --only patient").exit, 78);
  EXPECT_EQ(run("convert feed.hl7 --out out --where PID").exit, 78);
  write("tables.toml", "[[table]]\nname = 'x'\nper = 'OBX'\ncolum = []\n");
  Outcome const outcome = run("convert feed.hl7 --out out --tables tables.toml");
  EXPECT_EQ(outcome.exit, 78);
  EXPECT_NE(outcome.err.find("tables.toml:4:"), std::string::npos) << outcome.err;
  EXPECT_FALSE(exists("out"));
  EXPECT_EQ(run("convert feed.hl7 --out out -q").exit, 0);
  EXPECT_EQ(run("convert feed.hl7 --out out -q").exit, 64) << "the output exists";
}

TEST_F(Verbs, ConvertTreatsEscapesAsTold) {
  std::string const header = "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.5\r";
  write("escapes.hl7", header + "PID|1||1||a\\T\\b^x\r" + header + "PID|1||2||c\\q\\^x\r");
  auto const names = [&](const std::string& policy) {
    Outcome const outcome =
        run("convert escapes.hl7 --format csv --only patients --overwrite -q "
            "--out out --summary json " +
            policy);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::string const rows = read("out/patients/part-00000.csv");
    std::string found;
    for (const char* const name : {"a&b", "a\\T\\b", "c\\q\\"})
      if (rows.find(name) != std::string::npos) found += std::string(name) + " ";
    bool const rejected = outcome.out.find("\"bad_escape\": 1") != std::string::npos;
    return found + (rejected ? "bad_escape" : "");
  };
  EXPECT_EQ(names(""), "a&b c\\q\\ ");
  EXPECT_EQ(names("--escapes decode"), "a&b c\\q\\ ");
  EXPECT_EQ(names("--escapes keep"), "a\\T\\b c\\q\\ ");
  EXPECT_EQ(names("--escapes error"), "a&b bad_escape");
  EXPECT_EQ(run("convert escapes.hl7 --out other --escapes drop").exit, 64);
  EXPECT_EQ(run("convert escapes.hl7 --out other --format er7 --escapes keep").exit, 64);
}

TEST_F(Verbs, ConvertJoinsMessagesSentInParts) {
  std::string const header = "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|";
  write("parts.hl7", header + "1|P|2.5\rOBR|1\rOBX|1|ST|a||one\rDSC|p|F\r" + header +
                         "2|P|2.5||p\rOBX|2|ST|b||two\r");
  auto const rows = [&](const std::string& flags) {
    Outcome const outcome =
        run("convert parts.hl7 --format csv --overwrite --out out --summary json " + flags);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::string const key = "\"continued_messages\": ";
    return outcome.out.substr(outcome.out.find("\"messages\": "), 13) + " " +
           outcome.out.substr(outcome.out.find(key), key.size() + 1);
  };
  EXPECT_EQ(rows(""), "\"messages\": 1 \"continued_messages\": 1");
  EXPECT_EQ(rows("--continuations join"), "\"messages\": 1 \"continued_messages\": 1");
  EXPECT_EQ(rows("--continuations keep"), "\"messages\": 2 \"continued_messages\": 0");
}

TEST_F(Verbs, ComponentsListsItself) {
  EXPECT_NE(run("components").out.find("parquet"), std::string::npos);
  Outcome const one = run("components filter");
  EXPECT_NE(one.out.find("where"), std::string::npos);
  EXPECT_EQ(one.out.find("parquet"), std::string::npos);
  EXPECT_NE(run("components --json").out.find("\"kind\": \"source\", \"name\": \"files\""),
            std::string::npos);
  EXPECT_NE(run("components --markdown").out.find("### tabulate\n"), std::string::npos);
  EXPECT_NE(run("components --schema").out.find("\"additionalProperties\": false"),
            std::string::npos);
  Outcome const wrong = run("components prquet");
  EXPECT_EQ(wrong.exit, 78);
  EXPECT_NE(wrong.err.find("did you mean \"parquet\"?"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow::testing
