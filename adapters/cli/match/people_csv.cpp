// People as CSV: a header, and a row for each record.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <hl7flow/adapters/cli/match/people_builder.h>
#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/pipeline/unreadable.h>

namespace hl7flow::cli {
namespace {

/// The bytes of a file: mapped where it is one, read where it is a pipe.
class FileBytes {
 public:
  explicit FileBytes(const std::string& path) {
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file >= 0 && ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
      void* const at = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ,
                              MAP_PRIVATE | MAP_POPULATE, file, 0);
      if (at != MAP_FAILED)
        mapped_ = {static_cast<const char*>(at), static_cast<std::size_t>(about.st_size)};
    }
    if (file >= 0) ::close(file);
    if (!mapped_.empty()) return;
    std::ifstream stream(path, std::ios::binary);
    if (!stream || S_ISDIR(about.st_mode)) return;
    read_.emplace(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  ~FileBytes() {
    if (!mapped_.empty()) ::munmap(const_cast<char*>(mapped_.data()), mapped_.size());
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  bool is_there() const { return !mapped_.empty() || read_.has_value(); }
  std::string_view text() const { return read_ ? std::string_view(*read_) : mapped_; }

 private:
  std::string_view mapped_;
  std::optional<std::string> read_;
};

/// With what separates most fields of the first row: programs of many countries write semicolons.
codes::Dialect dialect_of(std::string_view text) {
  std::string_view const first = text.substr(0, text.find('\n'));
  codes::Dialect dialect = codes::csv_dialect;
  auto most = std::count(first.begin(), first.end(), dialect.separator);
  for (char const separator : {';', '\t', '|'}) {
    auto const count = std::count(first.begin(), first.end(), separator);
    if (count <= most) continue;
    most = count;
    dialect.separator = separator;
  }
  return dialect;
}

/// Adds the rows that are left. Failures: bad_config.
Status read_rows(const std::string& path, codes::DelimitedReader& rows, std::size_t columns,
                 PeopleBuilder& builder) {
  while (rows.next()) {
    if (rows.is_bad() || rows.fields().size() != columns)
      return fail(ErrorCode::bad_config,
                  path + ", line " + std::to_string(rows.line()) + ": " +
                      std::to_string(rows.fields().size()) + " fields where the header has " +
                      std::to_string(columns) + ", or a quote that is not closed");
    builder.add(rows.fields());
  }
  return {};
}

/// Pieces of a text without quotation marks, cut behind line ends.
std::vector<std::string_view> pieces_of(std::string_view text, std::size_t count) {
  std::vector<std::string_view> pieces;
  for (std::size_t k = 0, begin = 0; k < count; ++k) {
    std::size_t end = std::max(begin, text.size() * (k + 1) / count);
    end = k + 1 == count ? text.size() : std::min(text.find('\n', end), text.size());
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

/// Reads pieces of the rows at the same time, and adds them in turn; false, and nothing added, if a
/// row is bad.
bool read_pieces(const std::string& path, std::string_view rest, codes::Dialect dialect,
                 std::size_t columns, PeopleBuilder& builder) {
  auto const pieces = pieces_of(rest, builder.threads());
  std::vector<People> people(pieces.size());
  std::vector<char> is_good(pieces.size());
  parallel_for(builder.threads())(pieces.size(), [&](std::size_t k) {
    codes::DelimitedReader rows(pieces[k], dialect);
    PeopleBuilder piece(builder, people[k]);
    is_good[k] = read_rows(path, rows, columns, piece) ? 1 : 0;
  });
  if (std::find(is_good.begin(), is_good.end(), 0) != is_good.end()) return false;
  for (People& piece : people) {
    builder.append(piece);
    piece = {};
  }
  return true;
}

}  // namespace

Status read_csv_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  FileBytes const bytes(path);
  if (!bytes.is_there()) return unreadable(path);
  codes::Dialect const dialect = dialect_of(bytes.text());
  codes::DelimitedReader rows(bytes.text(), dialect);
  if (!rows.next()) return fail(ErrorCode::bad_config, path + " is empty");
  std::vector<std::string> const columns(rows.fields().begin(), rows.fields().end());
  if (auto done = builder.begin(path, source, columns); !done) return done;
  std::string_view const rest = bytes.text().substr(rows.consumed());
  bool const is_plain = rest.find('"') == std::string_view::npos;
  if (is_plain && builder.threads() > 1 &&
      read_pieces(path, rest, dialect, columns.size(), builder))
    return {};
  return read_rows(path, rows, columns.size(), builder);
}

}  // namespace hl7flow::cli
