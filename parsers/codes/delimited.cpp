#include <hl7flow/parsers/codes/delimited.h>

#include <algorithm>

#include <hl7flow/parsers/charset.h>

namespace hl7flow::codes {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string compared(std::string_view name) {
  std::string out;
  for (char const c : name)
    if (c != ' ' && c != '_' && c != '-')
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  return out;
}

}  // namespace

DelimitedReader::DelimitedReader(std::string_view text, Dialect dialect)
    : text_(text), dialect_(dialect) {
  if (text_.starts_with("\xef\xbb\xbf")) next_ = 3;
}

bool DelimitedReader::next() {
  fields_.clear();
  unquoted_.clear();
  bad_ = false;
  while (next_ < text_.size() && (text_[next_] == '\n' || text_[next_] == '\r'))
    if (text_[next_++] == '\n') ++line_;
  if (next_ >= text_.size()) return false;
  row_line_ = line_;
  std::size_t line_end = text_.find('\n', next_);
  if (line_end == std::string_view::npos) line_end = text_.size();
  for (bool more = true; more;) {
    std::string_view field;
    if (dialect_.quoted && next_ < text_.size() && text_[next_] == '"') {
      field = quoted_field();
      line_end = std::min(text_.find('\n', next_), text_.size());
    } else {
      std::size_t const end = std::min(text_.find(dialect_.separator, next_), line_end);
      field = text_.substr(next_, end - next_);
      next_ = end;
      if (end == line_end && field.ends_with('\r')) field.remove_suffix(1);
    }
    more = next_ < line_end && text_[next_] == dialect_.separator;
    if (more) ++next_;
    fields_.push_back(field);
  }
  if (dialect_.ends_with_separator && fields_.size() > 1 && fields_.back().empty())
    fields_.pop_back();
  next_ = std::min(line_end + 1, text_.size());
  ++line_;
  return true;
}

std::string_view DelimitedReader::quoted_field() {
  std::size_t const begin = ++next_;
  bool doubled = false;
  for (;; ++next_) {
    next_ = text_.find('"', next_);
    if (next_ == std::string_view::npos) {
      // Never closed: the row ends with its line, so that the rows behind it are read.
      bad_ = true;
      next_ = std::min(text_.find('\n', begin), text_.size());
      return text_.substr(begin, next_ - begin);
    }
    if (next_ + 1 >= text_.size() || text_[next_ + 1] != '"') break;
    doubled = true;
    ++next_;
  }
  std::string_view field = text_.substr(begin, next_ - begin);
  ++next_;
  line_ += static_cast<std::uint64_t>(std::count(field.begin(), field.end(), '\n'));
  std::size_t const close = next_;
  while (next_ < text_.size() && text_[next_] != dialect_.separator && text_[next_] != '\n' &&
         text_[next_] != '\r')
    ++next_;
  bad_ = bad_ || next_ != close;
  while (next_ < text_.size() && text_[next_] == '\r') ++next_;
  if (!doubled) return field;
  std::string& out = unquoted_.emplace_back();
  for (std::size_t k = 0; k < field.size(); ++k) {
    out.push_back(field[k]);
    if (field[k] == '"') ++k;
  }
  return out;
}

DelimitedTable::DelimitedTable(std::string_view text, Dialect dialect) : reader_(text, dialect) {
  if (!reader_.next()) return;
  for (std::string_view const name : reader_.fields()) header_.emplace_back(trimmed(name));
}

std::optional<std::size_t> DelimitedTable::column(
    std::initializer_list<std::string_view> names) const {
  for (std::string_view const name : names)
    for (std::size_t k = 0; k < header_.size(); ++k)
      if (compared(header_[k]) == compared(name)) return k;
  return std::nullopt;
}

std::string_view DelimitedTable::field(std::optional<std::size_t> column) const {
  if (!column || *column >= reader_.fields().size()) return {};
  return trimmed(reader_.fields()[*column]);
}

bool is_plain_text(std::string_view text) noexcept {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

}  // namespace hl7flow::codes
