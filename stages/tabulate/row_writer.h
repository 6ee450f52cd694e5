#pragma once

#include <hl7flow/stages/tabulate/rows.h>

namespace hl7flow::stages {

/// Writes a row of a table that is not made of segments, value by value. Name: its columns, as an
/// enumeration.
template <class Name>
class RowWriter {
 public:
  RowWriter(Batch& batch, TableRows& rows, std::size_t row)
      : batch_(batch), rows_(rows), row_(row) {
    for (Column& column : rows_.columns) column.valid[row_] = 1;
  }

  RowWriter& text(Name name, std::string_view value, bool is_there = true) {
    Column& column = at(name);
    column.texts[row_] = store(batch_, is_there ? value : std::string_view());
    column.valid[row_] = is_there ? 1 : 0;
    return *this;
  }
  RowWriter& id(Name name, const MessageId& value, bool is_there = true) {
    return text(name, {value.data(), value.size()}, is_there);
  }
  RowWriter& message(Name name, std::uint32_t ordinal) {
    MessageId value{};
    if (ordinal != no_message) value = message_id(batch_.message(ordinal).raw());
    return id(name, value, ordinal != no_message);
  }
  /// Text of the message's own, as it was sent.
  RowWriter& field(Name name, std::string_view value) {
    Column& column = at(name);
    column.texts[row_] = view_of(batch_, value);
    column.valid[row_] = value.empty() ? 0 : 1;
    return *this;
  }
  RowWriter& integer(Name name, std::int64_t value, bool is_there = true) {
    Column& column = at(name);
    column.integers[row_] = is_there ? value : 0;
    column.valid[row_] = is_there ? 1 : 0;
    return *this;
  }
  RowWriter& number(Name name, double value, bool is_there = true) {
    Column& column = at(name);
    column.reals[row_] = is_there ? value : 0;
    column.valid[row_] = is_there ? 1 : 0;
    return *this;
  }

 private:
  Column& at(Name name) { return rows_.columns[static_cast<std::size_t>(name)]; }
  Batch& batch_;
  TableRows& rows_;
  std::size_t row_;
};

}  // namespace hl7flow::stages
