#include <hl7flow/adapters/parquet/parquet_rows.h>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>

namespace hl7flow::adapters {
namespace {

template <class Builder, class Value>
std::shared_ptr<arrow::Array> values(std::initializer_list<std::optional<Value>> list) {
  Builder builder;
  for (auto const& one : list)
    EXPECT_TRUE((one ? builder.Append(*one) : builder.AppendNull()).ok());
  return builder.Finish().ValueOrDie();
}

class ParquetRows : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "hl7flow-rows-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::shared_ptr<arrow::Schema>& schema,
                    const std::vector<std::shared_ptr<arrow::Array>>& columns) const {
    std::string const path = folder_ / "people.parquet";
    auto const file = arrow::io::FileOutputStream::Open(path).ValueOrDie();
    auto const properties =
        parquet::ArrowWriterProperties::Builder().store_schema()->build();  // dictionaries too
    EXPECT_TRUE(parquet::arrow::WriteTable(*arrow::Table::Make(schema, columns),
                                           arrow::default_memory_pool(), file, 2,
                                           parquet::default_writer_properties(), properties)
                    .ok());
    return path;
  }

  /// The file as lines: columns, then rows; or the sentence why not.
  static std::string text_of(const std::string& path) {
    std::string text;
    auto const add = [&](auto const& fields) {
      for (auto const& field : fields) text.append(field).append("|");
      text += '\n';
    };
    auto const done = read_parquet_rows(
        path,
        [&](const std::vector<std::string>& columns) -> Status {
          add(columns);
          return {};
        },
        [&](const std::vector<std::string_view>& fields) { add(fields); });
    return done ? text : done.error().text;
  }

  std::filesystem::path folder_;
};

TEST_F(ParquetRows, AreTextOfEveryType) {
  auto const born = arrow::date32();
  auto const list = arrow::list(arrow::utf8());
  auto pool = arrow::default_memory_pool();
  arrow::ListBuilder lists(pool, std::make_shared<arrow::StringBuilder>());
  for (int k = 0; k < 3; ++k) ASSERT_TRUE(lists.AppendNull().ok());
  arrow::StringDictionaryBuilder cities(pool);
  for (const char* const city : {"bonn", "ulm", "bonn"}) ASSERT_TRUE(cities.Append(city).ok());
  auto const city = cities.Finish().ValueOrDie();
  std::string const path = write(
      arrow::schema({arrow::field("name", arrow::utf8()), arrow::field("aliases", list),
                     arrow::field("dob", born), arrow::field("zip", arrow::float64()),
                     arrow::field("number", arrow::int64()), arrow::field("city", city->type())}),
      {values<arrow::StringBuilder, std::string>({"anna", std::nullopt, "clara"}),
       lists.Finish().ValueOrDie(),
       values<arrow::Date32Builder, std::int32_t>({0, 3652, std::nullopt}),
       values<arrow::DoubleBuilder, double>({12345.0, std::nullopt, 1.5}),
       values<arrow::Int64Builder, std::int64_t>({7, std::nullopt, -1}), city});
  EXPECT_EQ(text_of(path),
            "name|dob|zip|number|city|\n"
            "anna|1970-01-01|12345|7|bonn|\n"
            "|1980-01-01|||ulm|\n"
            "clara||1.5|-1|bonn|\n");
}

TEST_F(ParquetRows, SayWhatIsNoParquet) {
  std::string const path = folder_ / "text.parquet";
  EXPECT_EQ(text_of(path), "cannot read " + path + ": No such file or directory");
  std::ofstream(path) << "surname,dob\nabel,1980\n";
  std::string const why = text_of(path);
  EXPECT_TRUE(why.starts_with(path + " cannot be read as Parquet: ")) << why;
  EXPECT_EQ(why.find("abel"), std::string::npos) << "no values in errors";
}

TEST_F(ParquetRows, EndWhereTheColumnsAreRefused) {
  std::string const path = write(arrow::schema({arrow::field("name", arrow::utf8())}),
                                 {values<arrow::StringBuilder, std::string>({"anna"})});
  auto const done = read_parquet_rows(
      path,
      [](const std::vector<std::string>&) -> Status { return fail(ErrorCode::usage, "not those"); },
      [](const std::vector<std::string_view>&) { ADD_FAILURE(); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "not those");
}

}  // namespace
}  // namespace hl7flow::adapters
