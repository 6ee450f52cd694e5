#include <cstdlib>

#include <hl7flow/parsers/escape.h>

// The first byte picks the message's character set, the second the delimiters; the rest is a value.
// Whatever it is: `decode` never fails, `error` fails exactly where something was counted, and what
// escape() writes reads back.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr hl7flow::Delimiters variants[] = {{},
                                            {'|', '^', '~', '\\', '&', '#'},
                                            {'@', '$', '%', '!', '*', '\0'},
                                            {'|', '^', '~', '\0', '\0', '\0'}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  if (size < 2) return 0;
  auto const charset = static_cast<Charset>(data[0] % static_cast<unsigned>(Charset::unknown));
  Delimiters const& delimiters = variants[data[1] % std::size(variants)];
  std::string_view const raw(reinterpret_cast<const char*>(data) + 2, size - 2);

  Buffer<char> decoded, strict, escaped, back;
  auto const counts = append_unescaped(raw, delimiters, charset, EscapePolicy::decode, decoded);
  require(counts.has_value());
  auto const refused = append_unescaped(raw, delimiters, charset, EscapePolicy::error, strict);
  require(refused.has_value() == (counts->unknown + counts->undecodable == 0));
  if (!refused) require(refused.error().offset < raw.size());

  std::size_t const lost = escape(raw, delimiters, escaped);
  require(lost == 0 || delimiters.escape == '\0');
  bool const exact = lost == 0 && raw.find('\r') == raw.npos;
  auto const read = append_unescaped({escaped.data(), escaped.size()}, delimiters, charset,
                                     EscapePolicy::error, back);
  require(read.has_value());
  if (exact) require(std::string_view(back.data(), back.size()) == raw);
  return 0;
}
