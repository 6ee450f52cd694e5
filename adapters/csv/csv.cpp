// csv: writes each table as CSV (RFC 4180), one folder a table and one file an epoch, and the
// columns' types beside them in _schema.json.
//
// A null is nothing between two delimiters; an empty text is "". Lines end in LF, because CR LF
// costs a byte a row and every reader takes both. Timestamps are UTC, "2024-01-31 10:00:00.5".

#include <array>

#include <hl7flow/parsers/base64.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/json.h>
#include <hl7flow/pipeline/text_tables.h>
#include <hl7flow/pipeline/value_text.h>

namespace hl7flow::adapters {

namespace {

/// What DuckDB calls the type of what stands in the file.
std::string_view duckdb_type(ColumnType type) {
  switch (type) {
    case ColumnType::text:
    case ColumnType::binary:
      return "VARCHAR";
    case ColumnType::int64:
      return "BIGINT";
    case ColumnType::float64:
      return "DOUBLE";
    case ColumnType::boolean:
      return "BOOLEAN";
    case ColumnType::date:
      return "DATE";
    case ColumnType::timestamp:
      return "TIMESTAMP";
  }
  return "VARCHAR";
}

/// True for a text that a spreadsheet takes for a formula (CWE-1236).
bool may_be_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r\0", 7).find(text[0]) != std::string_view::npos;
}

class Csv final : public TextTables {
 public:
  struct Options {
    std::string path;
    std::string delimiter = ",";
    bool safe_cells = false;
    std::uint64_t first_part = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Folder to write to."},
      OptionFor<&Options::delimiter>{"delimiter", "One character between values. Default a comma."},
      OptionFor<&Options::safe_cells>{"safe_cells",
                                      "Write ' before texts that a spreadsheet takes for formulas. "
                                      "Default false: machines read "
                                      "the texts as they are."},
      OptionFor<&Options::first_part>{"first_part", "Number of the first file. Default 0."},
  };

  static Result<std::unique_ptr<Sink>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "csv needs a path");
    constexpr std::string_view taken = "\"\r\n'+-.:0123456789";
    if (chosen.delimiter.size() != 1 || taken.find(chosen.delimiter[0]) != std::string_view::npos ||
        static_cast<unsigned char>(chosen.delimiter[0]) >= 0x80)
      return fail(ErrorCode::bad_option,
                  "delimiter must be one ASCII character that is no part of a number, a date or a "
                  "quotation");
    return std::unique_ptr<Sink>(std::make_unique<Csv>(std::move(chosen)));
  }

  explicit Csv(Options chosen)
      : TextTables({std::move(chosen.path), "csv", chosen.first_part}),
        delimiter_(chosen.delimiter[0]),
        safe_cells_(chosen.safe_cells) {
    for (char const c : {delimiter_, '"', '\r', '\n'})
      quoted_[static_cast<unsigned char>(c)] = true;
  }

  std::string_view name() const noexcept override { return "csv"; }

  Result<std::vector<OutputFile>, Failure> commit(Executor& executor) override {
    auto files = TextTables::commit(executor);
    if (!files || schema_is_written_) return files;
    auto file = PartFile::create(folder(), "_schema.json", writer());
    if (!file) return tl::unexpected<Failure>(file.error());
    (*file)->write("{" + schema_ + "\n}\n");
    if (auto done = (*file)->finish("_schema.json"); !done)
      return tl::unexpected<Failure>(done.error());
    schema_is_written_ = true;
    return files;
  }

 private:
  void begin_table(std::size_t table, const TableSchema& schema, Buffer<char>& header) override {
    JsonObject types;
    for (std::size_t k = 0; k < schema.columns.size(); ++k) {
      if (k != 0) header.push_back(delimiter_);
      append_cell(schema.columns[k].name, header);
      types.add(schema.columns[k].name, duckdb_type(schema.columns[k].type));
    }
    header.push_back('\n');
    schema_ += table == 0 ? "\n  " : ",\n  ";
    append_json_string(schema_, schema.name);
    schema_ += ": " + types.text();
  }

  void append_rows(const Batch& batch, std::size_t table, std::size_t begin, std::size_t end,
                   Buffer<char>& out) const override {
    TableRows const& rows = batch.tables[table];
    for (std::size_t row = begin; row < end; ++row) {
      for (std::size_t k = 0; k < rows.columns.size(); ++k) {
        if (k != 0) out.push_back(delimiter_);
        if (rows.columns[k].valid[row] != 0) append_value(batch, rows.columns[k], row, out);
      }
      out.push_back('\n');
    }
  }

  void append_value(const Batch& batch, const Column& column, std::size_t row,
                    Buffer<char>& out) const {
    switch (column.type) {
      case ColumnType::text:
        return append_cell(batch.resolve(column.texts[row]), out);
      case ColumnType::binary:
        // Quoted, because an empty value is not null.
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
        return append_date(out, column.integers[row]);
      case ColumnType::timestamp:
        return append_timestamp(out, column.integers[row], ' ');
    }
  }

  void append_cell(std::string_view text, Buffer<char>& out) const {
    bool const guarded = safe_cells_ && may_be_formula(text);
    if (!text.empty() && !guarded && !needs_quotes(text)) return append_text(out, text);
    out.push_back('"');
    if (guarded) out.push_back('\'');
    for (std::size_t at; (at = text.find('"')) != std::string_view::npos;) {
      append_text(out, text.substr(0, at + 1));
      out.push_back('"');
      text.remove_prefix(at + 1);
    }
    append_text(out, text);
    out.push_back('"');
  }

  bool needs_quotes(std::string_view text) const {
    bool found = false;
    for (char const c : text) found |= quoted_[static_cast<unsigned char>(c)];
    return found;
  }

  char const delimiter_;
  bool const safe_cells_;
  std::array<bool, 256> quoted_{};  // characters that make a text need quotation marks
  std::string schema_;              // lines of _schema.json
  bool schema_is_written_ = false;
};

}  // namespace

extern constinit const Component csv = component<Csv>(
    "csv", "Writes each table as CSV with a header line: one folder a table, one file an epoch.");

}  // namespace hl7flow::adapters
