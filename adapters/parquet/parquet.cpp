// parquet: writes each table as Parquet files, one folder a table and one file an epoch.

#include <hl7flow/adapters/parquet/columnar_tables.h>
#include <hl7flow/adapters/parquet/parquet_format.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::adapters {

namespace {

class Parquet final : public ColumnarTables {
 public:
  struct Options {
    std::string path;
    std::string codec = "zstd";
    std::int64_t level = 1;
    std::uint64_t row_group_rows = 65'536;
    std::uint64_t first_part = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Folder to write to."},
      OptionFor<&Options::codec>{"codec",
                                 "zstd (default), lz4_raw, snappy, gzip, brotli, "
                                 "uncompressed."},
      OptionFor<&Options::level>{"level", "Level of zstd. Default 1."},
      OptionFor<&Options::row_group_rows>{"row_group_rows", "Rows of a row group. Default 65536."},
      OptionFor<&Options::first_part>{"first_part", "Number of the first file. Default 0."},
  };

  static Result<std::unique_ptr<Sink>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "parquet needs a path");
    if (chosen.row_group_rows == 0 || chosen.row_group_rows > 1u << 24)
      return fail(ErrorCode::bad_option, "row_group_rows must be 1 to 16777216");
    auto format = ParquetFormat::make(chosen.codec, static_cast<int>(chosen.level));
    if (!format) return tl::unexpected<Failure>(format.error());
    return std::unique_ptr<Sink>(std::make_unique<Parquet>(
        std::move(*format), chosen.path, chosen.row_group_rows, chosen.first_part));
  }

  using ColumnarTables::ColumnarTables;
};

}  // namespace

extern constinit const Component parquet = component<Parquet>(
    "parquet", "Writes each table as Parquet files: one folder a table, one file an epoch.");

}  // namespace hl7flow::adapters
