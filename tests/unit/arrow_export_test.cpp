// Arrow C++ is the judge: what it imports must be valid and hold the values that were put in.

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <gtest/gtest.h>

#include <hl7flow/pipeline/arrow_export.h>

#include "tests/unit/sink_rows.h"

namespace hl7flow {
namespace {

class ArrowExport : public testing::TestWithParam<TextLayout> {
 protected:
  std::shared_ptr<arrow::RecordBatch> import(const Batch& batch) {
    ArrowSchema schema;
    ArrowArray array;
    export_schema(*batch.tables[0].schema, GetParam(), &schema);
    EXPECT_TRUE(export_rows(batch, batch.tables[0], GetParam(), &array));
    auto imported = arrow::ImportRecordBatch(&array, &schema);
    EXPECT_TRUE(imported.ok()) << imported.status().ToString();
    EXPECT_TRUE((*imported)->ValidateFull().ok()) << (*imported)->ValidateFull().ToString();
    EXPECT_EQ(schema.release, nullptr);
    EXPECT_EQ(array.release, nullptr);
    return *imported;
  }
};

std::optional<std::string> text_at(const arrow::Array& array, std::int64_t row) {
  if (array.IsNull(row)) return std::nullopt;
  switch (array.type_id()) {
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      return std::string(static_cast<const arrow::BinaryViewArray&>(array).GetView(row));
    default:
      return std::string(static_cast<const arrow::BinaryArray&>(array).GetView(row));
  }
}

std::optional<std::int64_t> integer_at(const arrow::Array& array, std::int64_t row) {
  if (array.IsNull(row)) return std::nullopt;
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      return static_cast<const arrow::BooleanArray&>(array).Value(row) ? 1 : 0;
    case arrow::Type::DATE32:
      return static_cast<const arrow::Date32Array&>(array).Value(row);
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampArray&>(array).Value(row);
    default:
      return static_cast<const arrow::Int64Array&>(array).Value(row);
  }
}

TEST_P(ArrowExport, ArrowReadsTheSameValues) {
  std::mt19937_64 random(7);
  for (std::size_t const count : {1u, 7u, 8u, 9u, 500u}) {
    Batch batch;
    auto const rows = test::add_rows(batch, count, random);
    auto const imported = import(batch);
    ASSERT_EQ(imported->num_rows(), static_cast<std::int64_t>(count));
    for (std::size_t row = 0; row < count; ++row) {
      auto const n = static_cast<std::int64_t>(row);
      for (int k = 0; k < imported->num_columns(); ++k) {
        test::Value const& value = rows[row][static_cast<std::size_t>(k)];
        arrow::Array const& column = *imported->column(k);
        if (k < 2) {
          EXPECT_EQ(text_at(column, n), value.text);
        } else if (column.type_id() == arrow::Type::DOUBLE) {
          EXPECT_EQ(column.IsValid(n), value.real.has_value());
          if (!value.real) continue;
          EXPECT_EQ(static_cast<const arrow::DoubleArray&>(column).Value(n), *value.real);
        } else {
          EXPECT_EQ(integer_at(column, n), value.integer);
        }
      }
    }
  }
}

TEST_P(ArrowExport, TypesAreThoseOfTheTable) {
  ArrowSchema schema;
  export_schema(test::every_type(), GetParam(), &schema);
  auto const imported = arrow::ImportSchema(&schema);
  ASSERT_TRUE(imported.ok());
  bool const views = GetParam() == TextLayout::views;
  auto const expected = arrow::schema({
      arrow::field("text", views ? arrow::utf8_view() : arrow::utf8()),
      arrow::field("bytes", views ? arrow::binary_view() : arrow::binary()),
      arrow::field("count", arrow::int64()),
      arrow::field("value", arrow::float64()),
      arrow::field("flag", arrow::boolean()),
      arrow::field("day", arrow::date32()),
      arrow::field("at", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")),
  });
  EXPECT_TRUE((*imported)->Equals(*expected)) << (*imported)->ToString();
}

TEST_P(ArrowExport, ATableWithoutRowsIsAnEmptyArray) {
  Batch batch;
  batch.tables.resize(1);
  batch.tables[0].attach(test::every_type());
  EXPECT_EQ(import(batch)->num_rows(), 0);
}

TEST_P(ArrowExport, AColumnMovedOutOutlivesTheStruct) {
  std::mt19937_64 random(8);
  Batch batch;
  auto const rows = test::add_rows(batch, 50, random);
  ArrowArray array;
  ASSERT_TRUE(export_rows(batch, batch.tables[0], GetParam(), &array));
  ArrowArray moved = *array.children[4];
  array.children[4]->release = nullptr;
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
  auto const flags = arrow::ImportArray(&moved, arrow::boolean());
  ASSERT_TRUE(flags.ok());
  for (std::size_t row = 0; row < rows.size(); ++row)
    EXPECT_EQ(integer_at(**flags, static_cast<std::int64_t>(row)), rows[row][4].integer);
}

TEST(ArrowExportViews, TextIsNotCopied) {
  Batch batch;
  batch.tables.resize(1);
  batch.tables[0].attach(test::every_type());
  batch.tables[0].resize(1);
  for (Column& column : batch.tables[0].columns) column.valid[0] = 0;
  batch.tables[0].columns[0].valid[0] = 1;
  batch.tables[0].columns[0].texts[0] = test::place(batch, "longer than twelve", false);
  batch.tables[0].columns[1].texts[0] = TextView{0, {}};
  ArrowArray array;
  ASSERT_TRUE(export_rows(batch, batch.tables[0], TextLayout::views, &array));
  EXPECT_EQ(array.children[0]->buffers[1], batch.tables[0].columns[0].texts.data());
  EXPECT_EQ(array.children[0]->buffers[2], batch.text.data());
  EXPECT_EQ(array.children[2]->buffers[1], batch.tables[0].columns[2].integers.data());
  array.release(&array);
}

INSTANTIATE_TEST_SUITE_P(Layouts, ArrowExport,
                         testing::Values(TextLayout::views, TextLayout::plain),
                         [](auto const& layout) {
                           return layout.param == TextLayout::views ? "views" : "plain";
                         });

}  // namespace
}  // namespace hl7flow
