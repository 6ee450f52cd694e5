#include <hl7flow/parsers/base64.h>

#include <random>

#include <gtest/gtest.h>

namespace hl7flow {
namespace {

std::string decode(std::string_view text) {
  Buffer<char> out;
  auto const size = decode_base64(text, out);
  EXPECT_TRUE(size.has_value()) << text;
  EXPECT_EQ(size.value_or(0), out.size());
  return {out.data(), out.size()};
}

std::string encode(std::string_view bytes) {
  Buffer<char> out;
  encode_base64(bytes, out);
  return {out.data(), out.size()};
}

TEST(Base64, TestVectorsOfRfc4648) {
  struct {
    std::string_view bytes, text;
  } const vectors[] = {{"", ""},
                       {"f", "Zg=="},
                       {"fo", "Zm8="},
                       {"foo", "Zm9v"},
                       {"foob", "Zm9vYg=="},
                       {"fooba", "Zm9vYmE="},
                       {"foobar", "Zm9vYmFy"}};
  for (auto const& [bytes, text] : vectors) {
    EXPECT_EQ(encode(bytes), text);
    EXPECT_EQ(decode(text), bytes);
  }
  EXPECT_EQ(encode("\xFB\xFF\xBF"), "+/+/");
}

TEST(Base64, BlanksAndLineBreaksMayStandAnywhere) {
  EXPECT_EQ(decode(" Zm9\r\nvYm\tFy\n"), "foobar");
  EXPECT_EQ(decode("Zg\n=\n=\n"), "f");
}

TEST(Base64, PaddingMayBeMissing) {
  EXPECT_EQ(decode("Zg"), "f");
  EXPECT_EQ(decode("Zg="), "f");
  EXPECT_EQ(decode("Zm9vYmE"), "fooba");
}

TEST(Base64, SaysWhereItIsNone) {
  struct {
    std::string_view text;
    std::uint32_t offset;
  } const cases[] = {{"Zm9v!mFy", 4}, {"Zm9\\.br\\v", 3}, {"Zg==Zg==", 4}, {"Zg===", 4},
                     {"Zm8==", 4},    {"=", 0},           {"Z===", 1},     {"Zm9vY", 5},
                     {"Zm9v=", 4},    {"Zm-_", 2}};
  for (auto const& [text, offset] : cases) {
    Buffer<char> out;
    out.push_back('x');
    auto const result = decode_base64(text, out);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error(), (Error{ErrorCode::bad_base64, offset})) << text;
    EXPECT_EQ(out.size(), 1u);
  }
}

TEST(Base64, AppendsToWhatIsThere) {
  Buffer<char> out;
  out.push_back('x');
  EXPECT_EQ(decode_base64("Zm9v", out).value_or(0), 3u);
  encode_base64("f", out);
  EXPECT_EQ(std::string(out.data(), out.size()), "xfooZg==");
}

TEST(Base64, AnyBytesComeBack) {
  std::mt19937 random(64);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string text = encode(bytes);
    EXPECT_EQ(decode(text), bytes);
    for (std::size_t at = 76; at < text.size(); at += 78) text.insert(at, "\r\n");
    EXPECT_EQ(decode(text), bytes);
  }
}

}  // namespace
}  // namespace hl7flow
