// Tables of the user's own, from TOML and YAML: what they make, and what is said about mistakes.

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using Values = std::vector<std::string>;

const std::string text =
    "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|1|P|2.5\rPID|1||1^^^H^XX~2^^^H^MR||Doe^Jo|||F\r"
    "OBR|1|P1\rOBX|1|NM|a||5\rNTE|1||first\rOBX|2|ST|b||x\r"
    "ZPX|1|VIP^Very important|20240105|3.5|Y\rZPX|2|STAFF|soon|n/a|N\r";

ConfigNode tables_of(const Result<ConfigNode, Failure>& root) {
  EXPECT_TRUE(root) << (root ? "" : root.error().text);
  if (!root) return {};
  const ConfigNode* const tables = root->find(root->find("table") != nullptr ? "table" : "tables");
  return tables == nullptr ? ConfigNode{} : *tables;
}
ConfigNode toml(const std::string& written) { return tables_of(parse_toml(written, "my.toml")); }
ConfigNode yaml(const std::string& written) { return tables_of(parse_yaml(written, "my.yaml")); }

ConfigNode with(ConfigNode tables, const test::SettingList& more = {{"defaults", "false"}}) {
  ConfigNode node = test::settings(more);
  node.entries.emplace_back("tables", std::move(tables));
  return node;
}
Outcome run(const ConfigNode& tabulating) {
  return test::run_text(text, {{"parse", test::settings({})}, {"tabulate", tabulating}});
}
/// What making the stage says; empty if it can be made.
std::string refusal(const ConfigNode& tabulating) {
  auto const made = test::make<Stage>("tabulate", tabulating);
  if (made) return {};
  EXPECT_EQ(made.error().code, ErrorCode::bad_config);
  return made.error().text;
}

TEST(TabulateUserTables, ARowForEachOfASegment) {
  auto const outcome = run(with(toml(R"(
[[table]]
name = "flags"
per = "ZPX"
columns = [
  { name = "message_id", path = "@message_id" },
  { name = "segment", path = "@segment" },
  { name = "patient_id", path = ["PID-3[5=MR].1", "PID-3.1"] },
  { name = "flag", path = "ZPX-2.1" },
  { name = "flagged_on", path = "ZPX-3", type = "date" },
  { name = "score", path = "ZPX-4", type = "double" },
  { name = "active", path = "ZPX-5", type = "boolean" },
  { name = "number", path = "ZPX-1", type = "int64" },
]
)")));
  EXPECT_EQ(outcome.rows.size(), 1u) << "no default tables";
  EXPECT_EQ(outcome.column("flags", "segment"), (Values{"7", "8"}));
  EXPECT_EQ(outcome.column("flags", "patient_id"), (Values{"2", "2"}));
  EXPECT_EQ(outcome.column("flags", "flag"), (Values{"VIP", "STAFF"}));
  EXPECT_EQ(outcome.column("flags", "flagged_on"), (Values{"19727", "NULL"}));
  EXPECT_EQ(outcome.column("flags", "flagged_on_text"), (Values{"NULL", "soon"}));
  EXPECT_EQ(outcome.column("flags", "score"), (Values{"3.500000", "NULL"}));
  EXPECT_EQ(outcome.column("flags", "score_text"), (Values{"NULL", "n/a"}));
  EXPECT_EQ(outcome.column("flags", "active"), (Values{"1", "0"}));
  EXPECT_EQ(outcome.column("flags", "number"), (Values{"1", "2"}));
  EXPECT_EQ(outcome.account.untyped_values, 2u);
}

TEST(TabulateUserTables, JoinedTexts) {
  auto const outcome = run(with(toml(R"(
[[table]]
name = "flags"
per = "ZPX"
columns = [
  { name = "both", path = "ZPX-2.1 + ZPX-2.2" },
  { name = "else", path = ["ZPX-2.3", "ZPX-2.2 + ZPX-3 + ZPX-6"] },
  { name = "none", path = "ZPX-7 + ZPX-8" },
  { name = "patient", path = "PID-5.2 + PID-5.1" },
]
)")));
  EXPECT_EQ(outcome.column("flags", "both"), (Values{"VIPVery important", "STAFF"}));
  EXPECT_EQ(outcome.column("flags", "else"), (Values{"Very important20240105", "soon"}));
  EXPECT_EQ(outcome.column("flags", "none"), (Values{"NULL", "NULL"}));
  EXPECT_EQ(outcome.column("flags", "patient"), (Values{"JoDoe", "JoDoe"}));
  auto const refused = [](const std::string& column) {
    return refusal(with(toml("[[table]]\nname = \"a\"\nper = \"ZPX\"\ncolumns = [{name = \"b\", " +
                             column + "}]")));
  };
  EXPECT_NE(refused(R"(path = "ZPX-2 + PID-3")").find("of one segment"), std::string::npos);
  EXPECT_NE(refused(R"(path = "ZPX-2 + ")").find("does not parse"), std::string::npos);
  EXPECT_NE(refused(R"(path = "ZPX-2(*) + ZPX-3")").find("joined"), std::string::npos);
  EXPECT_NE(refused(R"(path = "ZPX-2 + ZPX-3", type = "date")").find("joined"), std::string::npos);
}

TEST(TabulateUserTables, TheSameInYaml) {
  auto const outcome =
      run(with(yaml("tables:\n"
                    "  - name: flags\n"
                    "    per: [ZPX, OBR]\n"
                    "    columns:\n"
                    "      - {name: flag, path: [ZPX-2.1, OBR-2]}\n"
                    "      - {name: score, path: ZPX-4, type: double}\n")));
  EXPECT_EQ(outcome.column("flags", "flag"), (Values{"P1", "VIP", "STAFF"}));
  EXPECT_EQ(outcome.column("flags", "score"), (Values{"NULL", "3.500000", "NULL"}));
}

TEST(TabulateUserTables, ARowForEachMessage) {
  auto const outcome = run(with(toml(R"toml(
[[table]]
name = "summary"
per = "message"
columns = [
  { name = "first", path = "OBX-5" },
  { name = "flag", path = "ZPX-2.2" },
  { name = "ids", path = "PID-3(*)" },
  { name = "second_id", path = "PID-3(2).1" },
  { name = "segments", path = "@segment_count" },
]
)toml")));
  EXPECT_EQ(outcome.rows.at("summary"), (std::vector<test::Row>{{{"first", "5"},
                                                                 {"flag", "Very important"},
                                                                 {"ids", "1^^^H^XX~2^^^H^MR"},
                                                                 {"second_id", "2"},
                                                                 {"segments", "8"}}}));
}

TEST(TabulateUserTables, ConditionsOnRowsAndColumns) {
  auto const outcome = run(with(toml(R"(
[[table]]
name = "numbers"
per = "OBX"
when = ["OBX-2 in NM, SN", "PID-8=F"]
columns = [{ name = "code", path = "OBX-3" }]
[[table]]
name = "others"
per = "OBX"
when = "OBX-2 not in NM"
columns = [{ name = "code", path = "OBX-3" }]
[[table]]
name = "none"
per = "OBX"
when = "PID-8 != F"
columns = [{ name = "code", path = "OBX-3" }]
[[table]]
name = "marked"
per = "OBX"
columns = [
  { name = "number", path = "OBX-5", type = "double", when = "OBX-2=NM" },
  { name = "text", path = "OBX-5", when = ["OBX-2=ST", "OBX-3"] },
  { name = "note", path = "NTE-3", after = true },
]
)")));
  EXPECT_EQ(outcome.column("numbers", "code"), Values{"a"});
  EXPECT_EQ(outcome.column("others", "code"), Values{"b"});
  EXPECT_FALSE(outcome.rows.contains("none"));
  EXPECT_EQ(outcome.column("marked", "number"), (Values{"5.000000", "NULL"}));
  EXPECT_EQ(outcome.column("marked", "text"), (Values{"NULL", "x"}));
  EXPECT_EQ(outcome.column("marked", "note"), (Values{"first", "NULL"}))
      << "a note belongs to the result before it";
}

TEST(TabulateUserTables, ExtendAddsToADefaultTableAndANameReplacesOne) {
  auto const outcome = run(with(toml(R"(
[[table]]
name = "patients"
extend = true
columns = [{ name = "flag", path = "ZPX-2.1", after = true }]
[[table]]
name = "orders"
per = "OBR"
columns = [{ name = "number", path = "OBR-2" }]
)"),
                                {}));
  EXPECT_EQ(outcome.column("patients", "family_name"), Values{"Doe"});
  EXPECT_EQ(outcome.rows.at("orders"), (std::vector<test::Row>{{{"number", "P1"}}}));
  EXPECT_EQ(outcome.rows.at("observations").size(), 2u) << "the others are as they were";
}

TEST(TabulateUserTables, OnlySomeTables) {
  auto const outcome = test::run_text(text, test::tabulated({}, {{"only", "observations"}}));
  EXPECT_EQ(outcome.rows.size(), 1u);
  EXPECT_EQ(outcome.rows.at("observations").size(), 2u);
  ConfigNode two = with(toml("[[table]]\nname = \"mine\"\nper = \"PID\"\n"
                             "columns = [{ name = \"id\", path = \"PID-3.1\" }]\n"),
                        {});
  ConfigNode list;
  list.kind = ConfigNode::Kind::list;
  for (const char* const name : {"mine", "patients", "rejects", "mine"})
    list.items.push_back(ConfigNode::text(name));
  two.entries.emplace_back("only", list);
  auto const both = run(two);
  EXPECT_EQ(both.rows.size(), 2u);
  EXPECT_EQ(both.column("mine", "id"), Values{"1"}) << "named twice, made once";
  EXPECT_EQ(refusal(test::settings({{"only", "observation"}})),
            "unknown table \"observation\", did you mean \"observations\"?");
}

TEST(TabulateUserTables, MistakesHaveAPlaceAndTheNearestName) {
  auto const table = [](const std::string& rest) {
    return refusal(with(toml("[[table]]\nname = \"t\"\n" + rest)));
  };
  auto const column = [&](const std::string& rest) {
    return table("per = \"PID\"\ncolumns = [\n  { " + rest + " },\n]\n");
  };
  EXPECT_EQ(table("pre = \"PID\"\ncolumns = []\n"),
            "my.toml:3:7: unknown key \"pre\" of a table, did you mean \"per\"?");
  EXPECT_EQ(column("name = \"a\", pth = \"PID-3\""),
            "my.toml:5:23: unknown key \"pth\" of a column, did you mean \"path\"?");
  EXPECT_EQ(column("name = \"a\", path = \"PID-x\""),
            "my.toml:5:24: the path does not parse at character 5: PID-x");
  EXPECT_EQ(column("name = \"a\", path = \"@mesage_id\""),
            "my.toml:5:24: unknown built-in value @mesage_id, did you mean \"@message_id\"?");
  EXPECT_NE(column("name = \"a\", path = \"PID-3\", type = \"dubble\"").find("double"),
            std::string::npos);
  EXPECT_EQ(column("name = \"a\", path = \"PID-3\", when = \"PID\""),
            "my.toml:5:40: the path does not parse at character 4: PID");
  EXPECT_EQ(column("path = \"PID-3\""), "my.toml:5:3: a column needs a name");
  EXPECT_EQ(column("name = \"a\""), "my.toml:5:3: the column \"a\" needs a path");
  EXPECT_EQ(table("per = \"pid\"\ncolumns = []\n"),
            "my.toml:3:7: per is message or a segment such as OBX, not pid");
  EXPECT_EQ(table("per = \"PID\"\n"), "my.toml:1:1: the table \"t\" needs a list of columns");
  EXPECT_EQ(table("extend = true\ncolumns = []\n"),
            "my.toml:1:1: there is no table \"t\" to extend");
  EXPECT_EQ(column("name = \"a\", path = \"PID-3\" },\n  { name = \"a\", path = \"PID-4\""),
            "my.toml:6:3: the table \"t\" has a column \"a\" already");
  EXPECT_EQ(refusal(with(yaml("tables:\n  - name: t\n    per: PID\n    columns:\n"
                              "      - {name: a, paht: PID-3}\n"))),
            "my.yaml:5:25: unknown key \"paht\" of a column, did you mean \"path\"?");
  EXPECT_EQ(refusal(with(toml("[[table]]\nper = \"PID\"\ncolumns = []\n"))),
            "my.toml:1:1: a table needs a name");
}

TEST(TabulateUserTables, WhatNoTableCanDoIsRefused) {
  auto const column = [](const std::string& rest) {
    return refusal(with(toml("[[table]]\nname = \"t\"\nper = \"OBX\"\ncolumns = [{ name = \"a\", " +
                             rest + " }]\n")));
  };
  EXPECT_NE(column("path = \"OBX-5(*).1\"").find("(*) is for whole fields"), std::string::npos);
  EXPECT_NE(column("path = \"OBX-5(*)\", type = \"double\"").find("(*) is for whole fields"),
            std::string::npos);
  EXPECT_NE(column("path = \"OBX(2)-5\"").find("the nearest segment"), std::string::npos);
  EXPECT_NE(column("path = \"OBX-5\", when = \"OBX(2)-5=1\"").find("the nearest segment"),
            std::string::npos);
  EXPECT_NE(column("path = \"OBX-5\", when = \"OBX-8(*).1=H\"").find("whole fields"),
            std::string::npos);
  EXPECT_NE(column("path = \"OBX-5\", type = \"double\" }, { name = \"a_text\", path = \"OBX-6\"")
                .find("\"a_text\""),
            std::string::npos)
      << "it is the name of the text beside a typed column";
  EXPECT_NE(refusal(with(toml("[[table]]\nname = \"rejects\"\nper = \"PID\"\n"
                              "columns = [{ name = \"a\", path = \"PID-3\" }]\n")))
                .find("rejects"),
            std::string::npos);
  std::string many = "[[table]]\nname = \"t\"\nper = \"OBX\"\ncolumns = [\n";
  for (char c = 'A'; c < 'E'; ++c)
    for (char d = 'A'; d <= 'Z'; ++d)
      many += std::string("{ name = \"") + c + d + "\", path = \"Z" + c + d + "-1\" },\n";
  EXPECT_NE(refusal(with(toml(many + "]\n"))).find("more than 64"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow
