#include <cstdlib>

#include <hl7flow/parsers/base64.h>
#include <hl7flow/parsers/charset.h>

// The first byte picks a character set; the rest is text, then an MSH-18, then Base64. Whatever the
// bytes: they become valid UTF-8, `error` fails exactly where something was replaced, and what
// reads_as_utf8() says of them is what to_utf8() does.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  using OnError = CharsetPolicy::OnError;
  if (size == 0) return 0;
  auto const charset = static_cast<Charset>(data[0] % static_cast<unsigned>(Charset::unknown));
  std::string_view const bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  Buffer<char> out, strict;
  auto const replaced = to_utf8(bytes, charset, OnError::replace, out);
  require(replaced.has_value());
  std::string_view const text(out.data(), out.size());
  require(is_utf8(text));
  auto const refused = to_utf8(bytes, charset, OnError::error, strict);
  require(refused.has_value() == (*replaced == 0));
  if (!refused) require(refused.error().offset < bytes.size());
  if (reads_as_utf8(bytes, charset)) require(text == bytes && *replaced == 0);

  auto const chosen = choose_charset(bytes, bytes.substr(0, bytes.find('|')), '~', {});
  require(chosen.has_value());

  Buffer<char> binary, encoded, again;
  encode_base64(bytes, encoded);
  require(decode_base64({encoded.data(), encoded.size()}, again).value_or(size) == bytes.size());
  require(std::string_view(again.data(), again.size()) == bytes);
  auto const decoded = decode_base64(bytes, binary);
  require(decoded ? *decoded == binary.size() : binary.empty());
  return 0;
}
