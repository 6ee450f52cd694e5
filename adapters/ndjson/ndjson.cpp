// ndjson: writes each table as newline-delimited JSON, one folder a table and one file an epoch.
//
// One object a row. A value that is null has no key: readers that infer a schema take a missing key
// for null, and HL7 rows are mostly nulls. Timestamps are ISO 8601 in UTC, dates YYYY-MM-DD, binary
// values Base64.

#include <cmath>

#include <hl7flow/parsers/base64.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/json.h>
#include <hl7flow/pipeline/text_tables.h>
#include <hl7flow/pipeline/value_text.h>

namespace hl7flow::adapters {

namespace {

class Ndjson final : public TextTables {
 public:
  struct Options {
    std::string path;
    std::uint64_t first_part = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Folder to write to."},
      OptionFor<&Options::first_part>{"first_part", "Number of the first file. Default 0."},
  };

  static Result<std::unique_ptr<Sink>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "ndjson needs a path");
    return std::unique_ptr<Sink>(std::make_unique<Ndjson>(std::move(chosen)));
  }

  explicit Ndjson(Options chosen)
      : TextTables({std::move(chosen.path), "ndjson", chosen.first_part}) {}

  std::string_view name() const noexcept override { return "ndjson"; }

 private:
  void begin_table(std::size_t, const TableSchema& schema, Buffer<char>&) override {
    std::vector<std::string>& keys = keys_.emplace_back();
    for (ColumnSchema const& column : schema.columns) {
      std::string key;
      append_json_string(key, column.name);
      keys.push_back(key + ':');
    }
  }

  void append_rows(const Batch& batch, std::size_t table, std::size_t begin, std::size_t end,
                   Buffer<char>& out) const override {
    TableRows const& rows = batch.tables[table];
    std::vector<std::string> const& keys = keys_[table];
    for (std::size_t row = begin; row < end; ++row) {
      char separator = '{';
      for (std::size_t k = 0; k < rows.columns.size(); ++k) {
        Column const& column = rows.columns[k];
        if (column.valid[row] == 0 || is_no_number(column, row)) continue;
        out.push_back(separator);
        separator = ',';
        append_text(out, keys[k]);
        append_value(batch, column, row, out);
      }
      if (separator == '{') out.push_back('{');
      append_text(out, "}\n");
    }
  }

  /// JSON has no NaN and no infinity.
  static bool is_no_number(const Column& column, std::size_t row) {
    return column.type == ColumnType::float64 && !std::isfinite(column.reals[row]);
  }

  static void append_value(const Batch& batch, const Column& column, std::size_t row,
                           Buffer<char>& out) {
    switch (column.type) {
      case ColumnType::text:
        return append_json_string(out, batch.resolve(column.texts[row]));
      case ColumnType::binary:
        out.push_back('"');
        encode_base64(batch.resolve(column.texts[row]), out);
        return out.push_back('"');
      case ColumnType::int64:
        return append_integer(out, column.integers[row]);
      case ColumnType::float64:
        return append_real(out, column.reals[row]);
      case ColumnType::boolean:
        return append_text(out, column.integers[row] != 0 ? "true" : "false");
      case ColumnType::date:
        out.push_back('"');
        append_date(out, column.integers[row]);
        return out.push_back('"');
      case ColumnType::timestamp:
        out.push_back('"');
        append_timestamp(out, column.integers[row], 'T');
        return append_text(out, "Z\"");
    }
  }

  std::vector<std::vector<std::string>> keys_;  // by table and column: "name":
};

}  // namespace

extern constinit const Component ndjson = component<Ndjson>(
    "ndjson",
    "Writes each table as newline-delimited JSON: one folder a table, one file an epoch.");

}  // namespace hl7flow::adapters
