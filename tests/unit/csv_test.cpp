// The files are read back by a reader of RFC 4180 that knows quoted from bare, because that is what
// tells an empty text from a null.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <charconv>

#include "tests/unit/sink_fixture.h"
#include "tests/unit/sink_rows.h"

namespace hl7flow {
namespace {

using test::EagerExecutor;
using test::TemporaryFolder;

using Cell = std::optional<std::string>;  // none: null

std::vector<std::vector<Cell>> read_csv(std::string_view text, char delimiter) {
  std::vector<std::vector<Cell>> rows;
  while (!text.empty()) {
    std::vector<Cell>& row = rows.emplace_back();
    for (bool more = true; more;) {
      std::string cell;
      bool const quoted = text.starts_with('"');
      if (quoted) {
        for (text.remove_prefix(1);; text.remove_prefix(1)) {
          if (text.starts_with("\"\""))
            text.remove_prefix(1);
          else if (text.starts_with('"'))
            break;
          cell += text.at(0);
        }
        text.remove_prefix(1);
      } else {
        for (; text.at(0) != delimiter && text[0] != '\n'; text.remove_prefix(1)) cell += text[0];
      }
      row.push_back(quoted || !cell.empty() ? Cell(cell) : Cell());
      more = text.at(0) == delimiter;
      text.remove_prefix(1);
    }
  }
  return rows;
}

std::string write_one(const std::string& folder, const Batch& batch,
                      test::SettingList settings = {}) {
  settings.emplace_back("path", folder);
  auto sink = test::make<Sink>("csv", settings);
  EXPECT_TRUE(sink) << sink.error().text;
  EagerExecutor executor;
  EXPECT_TRUE((*sink)->write(batch, executor));
  EXPECT_TRUE((*sink)->commit(executor));
  return test::read_file(folder + "/things/part-00000.csv");
}

TEST(Csv, AReaderOfRfc4180ReadsTheSameValues) {
  for (std::string const delimiter : {",", "\t", ";", "|"}) {
    std::mt19937_64 random(12);
    TemporaryFolder const folder;
    Batch batch;
    auto const rows = test::add_rows(batch, 1000, random);
    auto const read =
        read_csv(write_one(folder.path(), batch, {{"delimiter", delimiter}}), delimiter[0]);
    ASSERT_EQ(read.size(), rows.size() + 1);
    for (std::size_t k = 0; k < rows[0].size(); ++k)
      EXPECT_EQ(read[0].at(k), test::every_type().columns[k].name);
    for (std::size_t n = 0; n < rows.size(); ++n) {
      ASSERT_EQ(read[n + 1].size(), rows[n].size());
      EXPECT_EQ(read[n + 1][0], rows[n][0].text);
      EXPECT_EQ(read[n + 1][1].has_value(), rows[n][1].text.has_value());
      EXPECT_EQ(read[n + 1][2].has_value(), rows[n][2].integer.has_value());
      if (rows[n][2].integer) {
        EXPECT_EQ(*read[n + 1][2], std::to_string(*rows[n][2].integer));
      }
      if (rows[n][3].real) {
        Cell const& cell = read[n + 1][3];
        double value = 0;
        std::from_chars(cell->data(), cell->data() + cell->size(), value);
        EXPECT_EQ(value, *rows[n][3].real);
      }
    }
  }
}

/// One row, no nulls.
Batch& set_row(Batch& batch, std::string_view text) {
  std::mt19937_64 random(1);
  test::add_rows(batch, 1, random);
  auto& columns = batch.tables[0].columns;
  for (Column& column : columns) column.valid[0] = 1;
  columns[0].texts[0] = test::place(batch, text, false);
  columns[1].texts[0] = TextView{0, {}};
  columns[2].integers[0] = -5;
  columns[3].reals[0] = 5.4;
  columns[4].integers[0] = 1;
  columns[5].integers[0] = 19'753;
  columns[6].integers[0] = -1;
  return batch;
}

constexpr std::string_view header = "text,bytes,count,value,flag,day,at\n";
constexpr std::string_view rest = ",\"\",-5,5.4,true,2024-01-31,1969-12-31 23:59:59.999999\n";

TEST(Csv, ValuesLookAsDocumented) {
  std::vector<std::pair<std::string, std::string>> const cells = {
      {"plain text", "plain text"}, {"", "\"\""},         {"a,b", "\"a,b\""},
      {"a\"b", "\"a\"\"b\""},       {"a\nb", "\"a\nb\""}, {"=1+1", "=1+1"}};
  for (auto const& [text, cell] : cells) {
    TemporaryFolder const folder;
    Batch batch;
    EXPECT_EQ(write_one(folder.path(), set_row(batch, text)),
              std::string(header) + cell + std::string(rest));
  }
}

TEST(Csv, SafeCellsAreNoFormulas) {
  for (char const first : std::string("=+-@\t\r\0", 7)) {
    TemporaryFolder const folder;
    Batch batch;
    std::string const text = first + std::string("1");
    EXPECT_EQ(write_one(folder.path(), set_row(batch, text), {{"safe_cells", "true"}}),
              std::string(header) + "\"'" + text + "\"" + std::string(rest));
  }
}

TEST(Csv, TheSchemaNamesDuckDbTypes) {
  TemporaryFolder const folder;
  Batch batch;
  write_one(folder.path(), set_row(batch, "x"));
  simdjson::dom::parser parser;
  simdjson::dom::element const schema = parser.load(folder.path() + "/_schema.json");
  std::vector<std::pair<std::string, std::string>> const expected = {
      {"text", "VARCHAR"}, {"bytes", "VARCHAR"}, {"count", "BIGINT"}, {"value", "DOUBLE"},
      {"flag", "BOOLEAN"}, {"day", "DATE"},      {"at", "TIMESTAMP"}};
  std::vector<std::pair<std::string, std::string>> found;
  for (auto const field : simdjson::dom::object(schema["things"]))
    found.emplace_back(field.key, std::string_view(field.value));
  EXPECT_EQ(found, expected);
}

TEST(Csv, DelimitersThatWouldBreakValuesAreRefused) {
  for (std::string const delimiter : {"", ",,", "\"", "\n", "-", "0", "é"}) {
    auto const sink = test::make<Sink>("csv", {{"path", "unused"}, {"delimiter", delimiter}});
    ASSERT_FALSE(sink) << delimiter;
    EXPECT_EQ(sink.error().code, ErrorCode::bad_option);
  }
}

}  // namespace
}  // namespace hl7flow
