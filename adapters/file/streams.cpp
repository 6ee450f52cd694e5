#include <hl7flow/adapters/file/streams.h>

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <hl7flow/adapters/file/text_encoding.h>

namespace hl7flow::adapters {
namespace {

using namespace std::literals;

constexpr std::size_t tar_magic_at = 257, magic_size_max = tar_magic_at + 5;

constexpr std::string_view bzip2_magic = "BZh";

bool is_packed(std::string_view first) {
  constexpr std::string_view magics[] = {
      "\x1f\x8b"sv,          // gzip
      "\x28\xb5\x2f\xfd"sv,  // zstd
      bzip2_magic,
      "\xfd\x37zXZ\0"sv,      // xz
      "\x04\x22\x4d\x18"sv,   // lz4
      "PK\x03\x04"sv,         // zip
      "PK\x05\x06"sv,         // zip without members
      "7z\xbc\xaf\x27\x1c"sv  // 7z
  };
  return std::any_of(std::begin(magics), std::end(magics),
                     [&](std::string_view magic) { return first.starts_with(magic); }) ||
         (first.size() > tar_magic_at && first.substr(tar_magic_at).starts_with("ustar"));
}

class OneStream final : public Streams {
 public:
  OneStream(std::unique_ptr<ByteReader> reader, std::string name)
      : reader_(std::move(reader)), name_(std::move(name)) {}
  Result<bool, Failure> next() override { return !std::exchange(begun_, true); }
  const std::string& name() const noexcept override { return name_; }
  ByteReader& reader() noexcept override { return *reader_; }

 private:
  std::unique_ptr<ByteReader> const reader_;
  std::string const name_;
  bool begun_ = false;
};

/// libarchive over a ByteReader.
class Archive {
 public:
  Archive(std::unique_ptr<ByteReader> file, std::string name, bool may_be_text)
      : file_(std::move(file)),
        name_(std::move(name)),
        may_be_text_(may_be_text),
        handle_(::archive_read_new()) {
    block_.resize(256u << 10);
  }
  ~Archive() { ::archive_read_free(handle_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  Status open() {
    for (auto support : {::archive_read_support_filter_gzip, ::archive_read_support_filter_bzip2,
                         ::archive_read_support_filter_xz, ::archive_read_support_filter_zstd,
                         ::archive_read_support_filter_lz4, ::archive_read_support_format_zip,
                         ::archive_read_support_format_tar, ::archive_read_support_format_7zip,
                         ::archive_read_support_format_raw})
      support(handle_);
    // What stands at the end of a zip file says more than what a stream of it does.
    if (file_->seek(0, SEEK_CUR) >= 0) ::archive_read_set_seek_callback(handle_, seek);
    ::archive_read_set_read_callback(handle_, read_block);
    ::archive_read_set_callback_data(handle_, this);
    // A run of zeros may stand between the parts of joined tar files.
    ::archive_read_set_option(handle_, "tar", "read_concatenated_archives", "1");
    if (::archive_read_open1(handle_) < ARCHIVE_WARN) return failure(name_);
    return {};
  }

  /// Goes to the next member that holds bytes and is meant to be seen.
  Result<bool, Failure> next() {
    for (;;) {
      archive_entry* entry = nullptr;
      int const result = ::archive_read_next_header(handle_, &entry);
      if (result == ARCHIVE_EOF) return false;
      if (result == ARCHIVE_RETRY) continue;
      if (result < ARCHIVE_WARN) return failure(name_);
      ++members_;
      bool const raw = ::archive_format(handle_) == ARCHIVE_FORMAT_RAW;
      if (raw && ::archive_filter_code(handle_, 0) == ARCHIVE_FILTER_NONE && !may_be_text_)
        return fail(ErrorCode::archive, "cannot read " + name_ +
                                            ": it begins as a compressed file or an archive does, "
                                            "and is none");
      member_ = raw ? name_ : name_ + "/" + path_of(entry);
      if (::archive_entry_is_encrypted(entry) != 0)
        return fail(ErrorCode::archive, member_ + " is encrypted");
      if (raw || (::archive_entry_filetype(entry) == AE_IFREG && !is_hidden(member_))) return true;
    }
  }

  const std::string& member() const noexcept { return member_; }

  Result<std::size_t, Failure> read(char* to, std::size_t size) {
    for (;;) {
      la_ssize_t const count = ::archive_read_data(handle_, to, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      // A warning about data is a checksum or a size that does not match.
      if (count != ARCHIVE_RETRY) return failure(member_);
    }
  }

 private:
  std::string path_of(archive_entry* entry) const {
    const char* const utf8 = ::archive_entry_pathname_utf8(entry);
    const char* const path = utf8 != nullptr ? utf8 : ::archive_entry_pathname(entry);
    return path != nullptr ? path : "member " + std::to_string(members_);
  }

  static bool is_hidden(std::string_view path) {
    std::string_view const file = path.substr(path.find_last_of('/') + 1);
    return file.starts_with('.') || path.find("/__MACOSX/") != std::string_view::npos;
  }

  tl::unexpected<Failure> failure(const std::string& of) const {
    if (failed_) return tl::unexpected<Failure>(*failed_);
    const char* const why = ::archive_error_string(handle_);
    return fail(ErrorCode::archive,
                "cannot read " + of + ": " + (why != nullptr ? why : "it is damaged"));
  }

  static la_ssize_t read_block(archive*, void* self, const void** block) {
    auto& me = *static_cast<Archive*>(self);
    auto const count = me.file_->read(me.block_.data(), me.block_.size());
    *block = me.block_.data();
    if (count) return static_cast<la_ssize_t>(*count);
    me.failed_ = count.error();
    return -1;
  }

  static la_int64_t seek(archive*, void* self, la_int64_t offset, int whence) {
    std::int64_t const place = static_cast<Archive*>(self)->file_->seek(offset, whence);
    return place >= 0 ? place : ARCHIVE_FATAL;
  }

  std::unique_ptr<ByteReader> const file_;
  std::string const name_;
  bool const may_be_text_;
  archive* const handle_;
  Buffer<char> block_;
  std::string member_;
  std::uint64_t members_ = 0;
  std::optional<Failure> failed_;  // of the file itself
};

class MemberReader final : public ByteReader {
 public:
  explicit MemberReader(Archive& archive) : archive_(archive) {}
  Result<std::size_t, Failure> read(char* to, std::size_t size) override {
    return archive_.read(to, size);
  }

 private:
  Archive& archive_;
};

class ArchiveStreams final : public Streams {
 public:
  ArchiveStreams(std::unique_ptr<ByteReader> file, std::string name, bool may_be_text, int depth)
      : archive_(std::move(file), std::move(name), may_be_text), depth_(depth) {}

  Status open() { return archive_.open(); }

  Result<bool, Failure> next() override {
    for (;;) {
      if (inner_) {
        auto const more = inner_->next();
        if (!more || *more) return more;
        inner_.reset();
      }
      auto const more = archive_.next();
      if (!more || !*more) return more;
      auto opened =
          open_streams(std::make_unique<MemberReader>(archive_), archive_.member(), depth_ - 1);
      if (!opened) return tl::unexpected<Failure>(opened.error());
      inner_ = std::move(*opened);
    }
  }
  const std::string& name() const noexcept override { return inner_->name(); }
  ByteReader& reader() noexcept override { return inner_->reader(); }

 private:
  Archive archive_;
  std::unique_ptr<Streams> inner_;  // of the current member
  int const depth_;
};

}  // namespace

Result<std::unique_ptr<Streams>, Failure> open_streams(std::unique_ptr<ByteReader> file,
                                                       std::string name, int depth) {
  auto peeked = std::make_unique<PeekReader>(std::move(file));
  auto const first = peeked->peek(magic_size_max);
  if (!first) return tl::unexpected<Failure>(first.error());
  if (depth > 0 && is_packed(*first)) {
    bool const may_be_text = first->starts_with(bzip2_magic);
    auto streams =
        std::make_unique<ArchiveStreams>(std::move(peeked), std::move(name), may_be_text, depth);
    if (auto done = streams->open(); !done) return tl::unexpected<Failure>(done.error());
    return std::unique_ptr<Streams>(std::move(streams));
  }
  auto text = as_utf8(std::move(peeked));
  if (!text) return tl::unexpected<Failure>(text.error());
  return std::unique_ptr<Streams>(std::make_unique<OneStream>(std::move(*text), std::move(name)));
}

}  // namespace hl7flow::adapters
