// simdjson is the judge: what it reads from the files must be what was put in.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <hl7flow/parsers/base64.h>
#include <hl7flow/parsers/datetime.h>

#include "tests/unit/sink_fixture.h"
#include "tests/unit/sink_rows.h"

namespace hl7flow {
namespace {

using test::EagerExecutor;
using test::TemporaryFolder;

std::string write_one(const std::string& folder, const Batch& batch) {
  auto sink = test::make<Sink>("ndjson", {{"path", folder}});
  EXPECT_TRUE(sink) << sink.error().text;
  EagerExecutor executor;
  EXPECT_TRUE((*sink)->write(batch, executor));
  auto const files = (*sink)->commit(executor);
  EXPECT_TRUE(files);
  EXPECT_EQ(files->size(), 1u);
  EXPECT_EQ(files->at(0).path, "things/part-00000.ndjson");
  EXPECT_EQ(files->at(0).rows, batch.tables[0].rows);
  std::string const text = test::read_file(folder + "/" + files->at(0).path);
  EXPECT_EQ(files->at(0).bytes, text.size());
  return text;
}

/// "2024-01-31T10:00:00.5Z" by HL7's own parser, as the inverse of what the sink does.
std::int64_t micros_of(std::string_view iso) {
  EXPECT_TRUE(iso.ends_with('Z')) << iso;
  std::string hl7;
  for (char const c : iso)
    if ((c >= '0' && c <= '9') || c == '.') hl7 += c;
  auto const value = parse_epoch_micros(hl7, 0);
  EXPECT_TRUE(value) << iso;
  return value.value_or(0);
}

TEST(Ndjson, SimdjsonReadsTheSameValues) {
  std::mt19937_64 random(11);
  TemporaryFolder const folder;
  Batch batch;
  auto const rows = test::add_rows(batch, 2000, random);
  std::istringstream text(write_one(folder.path(), batch));
  simdjson::dom::parser parser;
  std::size_t row = 0;
  for (std::string line; std::getline(text, line);) {
    ASSERT_LT(row, rows.size());
    simdjson::dom::object object;
    ASSERT_EQ(parser.parse(line).get(object), simdjson::SUCCESS) << "row " << row;
    std::size_t keys = 0;
    for (std::size_t k = 0; k < rows[row].size(); ++k) {
      test::Value const& value = rows[row][k];
      auto const found = object[test::every_type().columns[k].name];
      bool const null = !value.text && !value.integer && !value.real;
      ASSERT_EQ(found.error() == simdjson::NO_SUCH_FIELD, null) << "row " << row << " column " << k;
      if (null) continue;
      ++keys;
      switch (test::every_type().columns[k].type) {
        case ColumnType::text:
          EXPECT_EQ(std::string_view(found), *value.text);
          break;
        case ColumnType::binary: {
          Buffer<char> bytes;
          ASSERT_TRUE(decode_base64(std::string_view(found), bytes));
          EXPECT_EQ(std::string_view(bytes.data(), bytes.size()), *value.text);
          break;
        }
        case ColumnType::int64:
          EXPECT_EQ(std::int64_t(found), *value.integer);
          break;
        case ColumnType::float64:
          EXPECT_EQ(double(found), *value.real);
          break;
        case ColumnType::boolean:
          EXPECT_EQ(bool(found), *value.integer != 0);
          break;
        case ColumnType::date:
          EXPECT_EQ(micros_of(std::string(std::string_view(found)) + "T000000Z"),
                    *value.integer * 86'400'000'000);
          break;
        case ColumnType::timestamp:
          EXPECT_EQ(micros_of(std::string_view(found)), *value.integer);
          break;
      }
    }
    EXPECT_EQ(object.size(), keys);
    ++row;
  }
  EXPECT_EQ(row, rows.size());
}

TEST(Ndjson, ValuesLookAsDocumented) {
  TemporaryFolder const folder;
  Batch batch;
  std::mt19937_64 random(1);
  test::add_rows(batch, 1, random);
  auto& columns = batch.tables[0].columns;
  for (Column& column : columns) column.valid[0] = 1;
  columns[0].texts[0] = test::place(batch, "a\"\\\n\x01\xff", false);
  columns[1].texts[0] = test::place(batch, "\xff\x01", false);
  columns[2].integers[0] = -5;
  columns[3].reals[0] = 5.4;
  columns[4].integers[0] = 0;
  columns[5].integers[0] = -1;
  columns[6].integers[0] = 1'706'695'200'500'000;
  EXPECT_EQ(write_one(folder.path(), batch),
            "{\"text\":\"a\\\"\\\\\\n\\u0001\xef\xbf\xbd\",\"bytes\":\"/wE=\",\"count\":-5,"
            "\"value\":5.4,\"flag\":false,\"day\":\"1969-12-31\","
            "\"at\":\"2024-01-31T10:00:00.5Z\"}\n");
}

TEST(Ndjson, ARowOfNullsIsAnEmptyObject) {
  TemporaryFolder const folder;
  Batch batch;
  std::mt19937_64 random(1);
  test::add_rows(batch, 1, random);
  for (Column& column : batch.tables[0].columns) column.valid[0] = 0;
  EXPECT_EQ(write_one(folder.path(), batch), "{}\n");
}

TEST(Ndjson, WhatIsNotCommittedIsRemoved) {
  TemporaryFolder const folder;
  Batch batch;
  std::mt19937_64 random(1);
  test::add_rows(batch, 10, random);
  auto sink = test::make<Sink>("ndjson", {{"path", folder.path()}, {"first_part", "7"}});
  ASSERT_TRUE(sink);
  EagerExecutor executor;
  ASSERT_TRUE((*sink)->write(batch, executor));
  ASSERT_TRUE((*sink)->commit(executor));
  ASSERT_TRUE((*sink)->write(batch, executor));
  (*sink)->abort();
  auto const files = test::read_all(folder.path());
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files.begin()->first, "things/part-00007.ndjson");
}

}  // namespace
}  // namespace hl7flow
