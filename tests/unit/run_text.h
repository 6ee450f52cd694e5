#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <hl7flow/pipeline/pipeline.h>

#include "tests/unit/sink_fixture.h"

// A pipeline over text in memory: what stages make of it, row by row.
namespace hl7flow::test {

/// Gives out a text in batches of whole messages, of about `batch_size` bytes.
class TextSource final : public Source {
 public:
  explicit TextSource(std::string text, std::size_t batch_size = 1u << 20,
                      std::uint64_t epoch_size = 1u << 30)
      : text_(std::move(text)), batch_size_(batch_size), epoch_size_(epoch_size) {}

  Result<bool, Failure> read(Batch& batch) override {
    std::string_view const rest = std::string_view(text_).substr(at_);
    if (rest.empty()) return false;
    std::size_t cut = rest.size();
    if (batch_size_ < rest.size()) {
      cut = last_message_boundary(rest.substr(0, batch_size_), 0);
      if (cut == std::string_view::npos) {
        std::size_t const line = rest.find_first_of("\r\n\v", rest.front() == '\v' ? 1 : 0);
        cut = line == std::string_view::npos ? line : next_message_boundary(rest, line);
      }
      cut = std::min(cut, rest.size());
    }
    batch.text.append(rest.substr(0, cut));
    batch.raw_size = cut;
    batch.position = {0, at_};
    batch.input_name = "text";
    batch.ends_epoch = at_ / epoch_size_ != (at_ + cut) / epoch_size_;
    at_ += cut;
    return true;
  }

 private:
  std::string const text_;
  std::size_t const batch_size_;
  std::uint64_t const epoch_size_;
  std::size_t at_ = 0;
};

/// A row by column name, nulls left out. Values are as text, numbers as C++ writes them.
using Row = std::map<std::string, std::string>;
using Rows = std::map<std::string, std::vector<Row>>;

/// Keeps what it is given: rows by table, and the accepted messages' text as it is indexed, with CR
/// behind each segment.
class MemorySink final : public Sink {
 public:
  explicit MemorySink(Rows& rows, std::vector<std::string>& messages)
      : rows_(rows), messages_(messages) {}
  std::string_view name() const noexcept override { return "memory"; }
  Status write(const Batch& batch, Executor&) override {
    for (TableRows const& table : batch.tables)
      for (std::size_t row = 0; row < table.rows; ++row)
        rows_[table.schema->name].push_back(row_of(batch, table, row));
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      if (!batch.is_accepted(k)) continue;
      std::string& text = messages_.emplace_back();
      MessageView const message = batch.message(k);
      for (std::size_t s = 0; s < message.segment_count(); ++s)
        text.append(message.segment(s).raw()) += '\r';
    }
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }

 private:
  static Row row_of(const Batch& batch, const TableRows& table, std::size_t row) {
    Row made;
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      Column const& column = table.columns[k];
      if (column.valid[row] == 0) continue;
      std::string& value = made[table.schema->columns[k].name];
      if (column.type == ColumnType::text || column.type == ColumnType::binary)
        value = batch.resolve(column.texts[row]);
      else if (column.type == ColumnType::float64)
        value = std::to_string(column.reals[row]);
      else
        value = std::to_string(column.integers[row]);
    }
    return made;
  }

  Rows& rows_;
  std::vector<std::string>& messages_;
};

struct Outcome {
  Account account;
  Rows rows;
  std::vector<std::string> messages;

  /// The values of one column, "NULL" for nulls.
  std::vector<std::string> column(const std::string& table, const std::string& column) const {
    std::vector<std::string> values;
    auto const found = rows.find(table);
    if (found == rows.end()) return values;
    for (Row const& row : found->second)
      values.push_back(row.contains(column) ? row.at(column) : "NULL");
    return values;
  }
};

using StageList = std::vector<std::pair<std::string, ConfigNode>>;

inline StageList tabulated(const SettingList& parsing = {}, const SettingList& tabulating = {}) {
  return {{"parse", settings(parsing)}, {"tabulate", settings(tabulating)}};
}

/// Runs the stages over the text, on this thread. The account must close.
inline Outcome run_text(std::unique_ptr<Source> source, const StageList& stages) {
  Outcome outcome;
  Pipeline pipeline;
  pipeline.from(std::move(source));
  for (auto const& [name, values] : stages) pipeline.through(make<Stage>(name, values));
  pipeline.into(std::make_unique<MemorySink>(outcome.rows, outcome.messages));
  auto const done = pipeline.run_inline();
  EXPECT_TRUE(done) << (done ? "" : done.error().text);
  if (done) outcome.account = done->account;
  EXPECT_TRUE(outcome.account.closes());
  return outcome;
}
inline Outcome run_text(std::string text, const StageList& stages = tabulated()) {
  return run_text(std::make_unique<TextSource>(std::move(text)), stages);
}

}  // namespace hl7flow::test
