#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <hl7flow/parsers/escape.h>

// unescape(escape(x)) == x for every text, a CR aside, which comes back as LF; and what escape()
// writes can stand in a value: it holds no delimiter but the escape character, and no terminator.
namespace hl7flow {
namespace {

constexpr Delimiters variants[] = {{},
                                   {'|', '^', '~', '\\', '&', '#'},
                                   {'@', '$', '%', '!', '*', '\0'},
                                   {'|', '^', '~', '\\', '\0', '\0'}};

std::string random_text(std::mt19937& random) {
  static constexpr std::string_view pieces[] = {
      "|",    "^", "~", "\\",     "&",      "#",          "@",     "!",     "\n", "\v",
      "\x1C", "F", "E", "X0D",    ".br",    ".sp2",       "C2D42", "M2442", "Z1", "\t",
      " ",    "P", "H", "\u00FC", "\u5C71", "\U00020BB7", "MIME",  "\xFF"};
  std::string text;
  for (std::size_t count = random() % 30; count > 0; --count)
    text += pieces[random() % std::size(pieces)];
  return text;
}

TEST(EscapeRoundTrip, EveryTextComesBack) {
  std::mt19937 random(7);
  Buffer<char> escaped, scratch;
  for (int round = 0; round < 40000; ++round) {
    std::string const text = random_text(random);
    Delimiters const& delimiters = variants[random() % std::size(variants)];
    auto const charset = static_cast<Charset>(random() % static_cast<unsigned>(Charset::unknown));
    escaped.clear();
    ASSERT_EQ(escape(text, delimiters, escaped), 0u);
    std::string_view const raw(escaped.data(), escaped.size());
    auto const back = unescape(raw, delimiters, charset, EscapePolicy::error, scratch);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_EQ(*back, text) << raw;
    for (char const c :
         {delimiters.field, delimiters.component, delimiters.repetition, '\r', '\n', '\v', '\x1C'})
      ASSERT_EQ(raw.find(c), raw.npos);
  }
}

TEST(EscapeRoundTrip, ACarriageReturnComesBackAsLineFeed) {
  std::mt19937 random(8);
  Buffer<char> escaped, scratch;
  for (int round = 0; round < 2000; ++round) {
    std::string text = random_text(random) + "a\rb" + random_text(random);
    escaped.clear();
    ASSERT_EQ(escape(text, {}, escaped), 0u);
    auto const back =
        unescape({escaped.data(), escaped.size()}, {}, Charset::utf8, EscapePolicy::error, scratch);
    std::replace(text.begin(), text.end(), '\r', '\n');
    ASSERT_EQ(back.value_or(""), text);
  }
}

}  // namespace
}  // namespace hl7flow
