// What must hold of every index, on random text: from regular messages to plain garbage.

#include <gtest/gtest.h>

#include <random>

#include <tests/property/indexed.h>

namespace hl7flow {
namespace {

using test::Indexed;
using test::Way;

/// Writes text as feeds have it, and less and less so as `disorder` grows.
class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string regular() {
    std::string const newline = pick({"\r", "\n", "\r\n"});
    std::string const header =
        pick({"MSH|^~\\&|", "MSH|^~\\&|", "MSH|^~\\&#|", "MSH|^~|", "MSH$%*!?$", "MSH|@~\\&|"});
    std::string text;
    for (std::size_t count = 1 + below(6); count > 0; --count) {
      std::string body = message(header[3], newline);
      text += header + fields(header[3], 9) + header[3] + "P" + header[3] + pick({"2.3", "2.5.1"});
      if (below(3) == 0)
        text += std::string(6, header[3]) +
                pick({"8859/1", "UNICODE UTF-8", "ASCII", "8859/1~ISO IR87"});
      text += newline + body;
    }
    if (below(3) == 0) text.resize(text.size() - newline.size());
    return text;
  }

  std::string irregular() {
    static const std::vector<std::string> pieces = {"MSH|^~\\&|A|B",
                                                    "MSH|^~\\&|||||||||||||||||8859/1",
                                                    "MSH|^~\\&|||||||||||||||||ISO IR87",
                                                    "MSH#^~\\&#x",
                                                    "MSH|",
                                                    "MSH",
                                                    "MSH|^^",
                                                    "MSH|^~\\&",
                                                    "FHS|^~\\&|f",
                                                    "BHS|^~\\&",
                                                    "BTS|1",
                                                    "FTS|1|x",
                                                    "FHS",
                                                    "BTS",
                                                    "PID|1||2^3",
                                                    "PID",
                                                    "ZZ1|a",
                                                    "ADD|more",
                                                    "ADD",
                                                    "DSC|1|F",
                                                    "OBX|1|TX|a~b",
                                                    "stray",
                                                    "two words|x",
                                                    "# comment",
                                                    "\r",
                                                    "\n",
                                                    "\r\n",
                                                    "\r",
                                                    "\n",
                                                    "\r",
                                                    "\v",
                                                    "\x1c",
                                                    "\x1c\r",
                                                    "\r\x1c\r",
                                                    "\r\v",
                                                    " ",
                                                    "\t",
                                                    "|",
                                                    "\xef\xbb\xbf",
                                                    "[SOM]",
                                                    "[EOM]",
                                                    "\xc3\xa9",
                                                    "\xe9",
                                                    "\x1b$B0l\x1b(B",
                                                    "\\F\\",
                                                    std::string(1, '\0')};
    std::string text;
    for (std::size_t count = below(40); count > 0; --count) {
      text += pieces[below(pieces.size())];
      if (below(3) != 0) text += pick({"\r", "\n", "\r\n"});
    }
    return text;
  }

  std::string bytes() {
    std::string text(below(300), '\0');
    for (char& c : text) c = static_cast<char>(random_());
    return text;
  }

  std::string any() {
    switch (below(4)) {
      case 0:
        return regular();
      case 1:
        return regular() + irregular() + regular();
      case 2:
        return irregular();
      default:
        return bytes();
    }
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string pick(std::initializer_list<const char*> of) { return of.begin()[below(of.size())]; }

 private:
  std::string fields(char separator, std::size_t count) {
    std::string text;
    for (std::size_t k = 0; k < count; ++k) {
      if (k > 0) text += separator;
      text += pick(
          {"", "", "x", "a^b&c~d", "\"\"", "\xc3\xa9t\xc3\xa9", "20240101", "#", "long text here"});
    }
    return text;
  }
  std::string message(char separator, const std::string& newline) {
    std::string text;
    for (std::size_t count = below(6); count > 0; --count)
      text += pick({"PID", "OBX", "OBR", "ZX9", "NTE"}) + separator + fields(separator, below(9)) +
              newline;
    return text;
  }

  std::mt19937 random_;
};

std::vector<Er7Options> all_options() {
  std::vector<Er7Options> all(6);
  all[1].stray_lines = StrayLines::reject;
  all[2].charset.source = CharsetPolicy::Source::declared;
  all[3].charset.source = CharsetPolicy::Source::fixed;
  all[3].charset.fixed = Charset::windows_1252;
  all[4].charset.on_error = CharsetPolicy::OnError::error;
  all[5].limits.message_size_max = 60;
  all[5].limits.segment_count_max = 3;
  return all;
}

TEST(IndexProperty, BothWaysGiveTheSameIndex) {
  auto const options = all_options();
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    Writer writer(seed);
    std::string const text = seed % 2 == 0 ? writer.regular() : writer.any();
    Er7Options const& chosen = options[seed % options.size()];
    ASSERT_EQ(test::index_text(text, chosen), test::index_text(text, chosen, Way::careful))
        << "seed " << seed << '\n'
        << testing::PrintToString(text);
  }
}

TEST(IndexProperty, RangesTileTheBlock) {
  auto const options = all_options();
  Er7Index index;
  for (unsigned seed = 0; seed < 40'000; ++seed) {
    std::string const text = Writer(seed).any();
    TextBuffer block;
    block.append(text);
    index_er7(block, options[seed % options.size()], index);
    ASSERT_EQ(test::defect_of(block, text.size(), index), "") << "seed " << seed << '\n'
                                                              << testing::PrintToString(text);
  }
}

TEST(IndexProperty, WhereABlockIsCutDoesNotShow) {
  auto const options = all_options();
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    Writer writer(seed);
    std::string const text = writer.any();
    Er7Options const& chosen = options[seed % options.size()];
    Indexed const whole = test::index_text(text, chosen);
    Indexed pieces;
    std::string_view rest = text;
    while (!rest.empty()) {
      // The last boundary of what a source happens to have read.
      std::size_t const read = 1 + writer.below(rest.size());
      std::size_t const cut = last_message_boundary(rest.substr(0, read), 0);
      std::string_view const piece = rest.substr(0, cut == rest.npos ? rest.size() : cut);
      pieces += test::index_text(piece, chosen);
      rest.remove_prefix(piece.size());
    }
    ASSERT_EQ(whole, pieces) << "seed " << seed << '\n' << testing::PrintToString(text);
  }
}

TEST(IndexProperty, BoundariesForwardsAndBackwardsAreTheSame) {
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    std::string const text = Writer(seed).any();
    std::vector<std::size_t> forwards, backwards;
    for (std::size_t at = next_message_boundary(text, 0); at != text.npos;) {
      if (at > 0) forwards.push_back(at);
      std::size_t const line = text.find_first_of("\r\n\v", at + 4);
      at = line == text.npos ? line
                             : next_message_boundary(text, text[line] == '\v' ? line : line + 1);
    }
    std::string_view rest = text;
    for (std::size_t at = last_message_boundary(rest, 0); at != text.npos;
         at = last_message_boundary(rest, 0)) {
      backwards.insert(backwards.begin(), at);
      rest = rest.substr(0, at);
    }
    ASSERT_EQ(forwards, backwards) << "seed " << seed << '\n' << testing::PrintToString(text);
  }
}

TEST(IndexProperty, AReusedIndexIsLikeANewOne) {
  Er7Index reused;
  for (unsigned seed = 0; seed < 5'000; ++seed) {
    std::string const text = Writer(seed).any();
    ASSERT_EQ(test::index_text(text), test::index_text(text, {}, Way::usual, &reused)) << seed;
  }
}

TEST(IndexProperty, LongTextCrossesTheStepsOfTheScan) {
  std::string text;
  for (unsigned seed = 0; text.size() < 1'000'000; ++seed) {
    std::string line =
        "OBX|" + std::to_string(seed) + "|TX|" + std::string(seed % 3000, 'x') + "\r\n";
    if (seed % 50 == 0)
      line = "MSH|^~\\&|A|B|||2024||ORU^R01|" + std::to_string(seed) + "|P|2.5\r\n";
    text += line;
  }
  Indexed const fast = test::index_text(text);
  EXPECT_EQ(fast, test::index_text(text, {}, Way::careful));
  std::string joined;
  for (auto const& message : fast.messages)
    for (auto const& segment : message.segments) joined += segment + "\r\n";
  EXPECT_EQ(joined, text);
}

}  // namespace
}  // namespace hl7flow
