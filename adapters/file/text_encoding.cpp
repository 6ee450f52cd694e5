#include <hl7flow/adapters/file/text_encoding.h>

#include <iconv.h>

#include <cerrno>
#include <cstring>

namespace hl7flow::adapters {
namespace {

using namespace std::literals;

struct Encoding {
  const char* name = nullptr;
  std::size_t unit = 0;  // bytes
};

Encoding encoding_of(std::string_view first) {
  if (first.starts_with("\xFF\xFE\0\0"sv)) return {"UTF-32LE", 4};
  if (first.starts_with("\0\0\xFE\xFF"sv)) return {"UTF-32BE", 4};
  if (first.starts_with("\xFF\xFE"sv)) return {"UTF-16LE", 2};
  if (first.starts_with("\xFE\xFF"sv)) return {"UTF-16BE", 2};
  if (first.size() < 4) return {};
  auto const zero = [&](std::size_t k) { return first[k] == '\0'; };
  if (!zero(0) && zero(1) && zero(2) && zero(3)) return {"UTF-32LE", 4};
  if (zero(0) && zero(1) && zero(2) && !zero(3)) return {"UTF-32BE", 4};
  if (!zero(0) && zero(1) && !zero(2) && zero(3)) return {"UTF-16LE", 2};
  if (zero(0) && !zero(1) && zero(2) && !zero(3)) return {"UTF-16BE", 2};
  return {};
}

class Utf8Reader final : public ByteReader {
 public:
  Utf8Reader(std::unique_ptr<ByteReader> source, Encoding encoding)
      : source_(std::move(source)),
        unit_(encoding.unit),
        converter_(::iconv_open("UTF-8", encoding.name)) {
    in_.resize(64u << 10);
  }
  ~Utf8Reader() override { ::iconv_close(converter_); }
  Utf8Reader(const Utf8Reader&) = delete;
  Utf8Reader& operator=(const Utf8Reader&) = delete;

  Result<std::size_t, Failure> read(char* to, std::size_t size) override {
    while (ready_ == out_.size()) {
      if (at_end_) return 0;
      if (auto done = convert_more(); !done) return tl::unexpected<Failure>(done.error());
    }
    std::size_t const count = std::min(size, out_.size() - ready_);
    std::memcpy(to, out_.data() + ready_, count);
    ready_ += count;
    return count;
  }

 private:
  Status convert_more() {
    auto const count = source_->read(in_.data() + held_, in_.size() - held_);
    if (!count) return tl::unexpected<Failure>(count.error());
    at_end_ = *count == 0;
    char* from = in_.data();
    std::size_t left = held_ + *count;
    out_.resize(left * 3 + 8);
    ready_ = 0;
    char* to = out_.data();
    std::size_t room = out_.size();
    // What is left at last is the start of a character whose end is still to come.
    while (left > 0 && ::iconv(converter_, &from, &left, &to, &room) == std::size_t(-1)) {
      if (errno == EINVAL && !at_end_) break;
      constexpr std::string_view replacement = "\xEF\xBF\xBD";
      std::memcpy(to, replacement.data(), replacement.size());
      to += replacement.size();
      room -= replacement.size();
      std::size_t const skipped = std::min(unit_, left);
      from += skipped;
      left -= skipped;
    }
    std::memmove(in_.data(), from, left);
    held_ = left;
    out_.resize(static_cast<std::size_t>(to - out_.data()));
    return {};
  }

  std::unique_ptr<ByteReader> const source_;
  std::size_t const unit_;
  iconv_t const converter_;
  Buffer<char> in_, out_;
  std::size_t held_ = 0;   // bytes of in_ that wait for more
  std::size_t ready_ = 0;  // bytes of out_ that were read
  bool at_end_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteReader>, Failure> as_utf8(std::unique_ptr<PeekReader> stream) {
  auto const first = stream->peek(4);
  if (!first) return tl::unexpected<Failure>(first.error());
  Encoding const encoding = encoding_of(*first);
  if (encoding.name == nullptr) return std::unique_ptr<ByteReader>(std::move(stream));
  return std::unique_ptr<ByteReader>(std::make_unique<Utf8Reader>(std::move(stream), encoding));
}

}  // namespace hl7flow::adapters
