// Whatever the batch size, the same messages come out, whole, and epochs end at the same bytes.

#include <hl7flow/adapters/file/framer.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace hl7flow::adapters {
namespace {

/// Hands out text in pieces of random size, as a pipe does.
class TextReader final : public ByteReader {
 public:
  TextReader(std::string_view text, std::uint64_t seed) : rest_(text), random_(seed) {}
  Result<std::size_t, Failure> read(char* to, std::size_t size) override {
    std::size_t const count = std::min({size, rest_.size(), random_() % 5000 + 1});
    std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::mt19937_64 random_;
};

struct Piece {
  std::uint64_t offset;
  std::string text;
  bool ends_epoch, continues;
};

std::vector<Piece> pieces_of(std::string_view text, const FramerOptions& options,
                             std::uint64_t start = 0) {
  TextReader reader(text.substr(start), 7 + options.batch_size);
  Framer framer(options);
  framer.set_total(start);
  framer.begin(3, start);
  std::vector<Piece> pieces;
  for (;;) {
    Batch batch;
    auto const more = framer.fill(reader, batch);
    EXPECT_TRUE(more);
    if (!more || !*more) return pieces;
    EXPECT_EQ(batch.position.input, 3u);
    EXPECT_EQ(batch.raw_size, batch.text.size());
    EXPECT_GT(batch.raw_size, 0u);
    pieces.push_back({batch.position.offset, std::string(batch.text.view()), batch.ends_epoch,
                      batch.continues_message});
  }
}

/// Messages of 20 to 600 bytes with garbage and frames, all segments ended by `newline`.
std::string random_file(std::mt19937_64& random, std::string_view newline, std::size_t messages) {
  std::string text;
  for (std::size_t k = 0; k < messages; ++k) {
    bool const framed = random() % 8 == 0;
    if (random() % 16 == 0) text += "# a note" + std::string(newline);
    if (random() % 32 == 0)
      text += "FHS|^~\\&|A" + std::string(newline) + "BHS|^~\\&|A" + std::string(newline);
    if (framed) text += '\v';
    text += "MSH|^~\\&|A|B|||||" + std::to_string(k) + std::string(newline);
    for (std::size_t line = random() % 8; line-- > 0;)
      text += "OBX|" + std::string(random() % 70, 'M') + "|MSH" + std::string(newline);
    if (framed) text += "\x1c\r";
  }
  return text;
}

/// The messages of the pieces, and that every piece tiles the text.
std::vector<std::string> messages_of(std::string_view text, const std::vector<Piece>& pieces) {
  std::vector<std::string> messages;
  std::uint64_t at = 0;
  for (Piece const& piece : pieces) {
    EXPECT_EQ(piece.offset, at);
    EXPECT_EQ(text.substr(at, piece.text.size()), piece.text);
    at += piece.text.size();
    TextBuffer block;
    block.append(piece.text);
    Er7Index index;
    index_er7(block, {}, index);
    for (MessageEntry const& entry : index.messages)
      messages.emplace_back(block.view().substr(entry.raw_begin, entry.raw_end - entry.raw_begin));
  }
  EXPECT_EQ(at, text.size());
  return messages;
}

std::vector<std::uint64_t> epoch_ends(const std::vector<Piece>& pieces) {
  std::vector<std::uint64_t> ends;
  for (Piece const& piece : pieces)
    if (piece.ends_epoch) ends.push_back(piece.offset + piece.text.size());
  return ends;
}

TEST(Framer, MessagesDoNotDependOnTheBatchSize) {
  std::mt19937_64 random(5);
  for (std::string_view const newline : {"\r", "\n", "\r\n"}) {
    std::string const text = random_file(random, newline, 1500);
    auto const whole = messages_of(text, pieces_of(text, {.batch_size = 64u << 20}));
    ASSERT_EQ(whole.size(), 1500u);
    for (std::size_t const size : {1u, 16u, 100u, 700u, 4096u, 65536u, 1u << 20}) {
      auto const pieces = pieces_of(text, {.batch_size = size});
      EXPECT_EQ(messages_of(text, pieces), whole) << size;
    }
  }
}

TEST(Framer, EpochsEndAtTheSameBytesWhateverTheBatchSize) {
  std::mt19937_64 random(6);
  std::string const text = random_file(random, "\r", 3000);
  auto const expected = epoch_ends(pieces_of(text, {.batch_size = 1000, .epoch_size = 20'000}));
  ASSERT_GT(expected.size(), 10u);
  for (std::size_t const size : {1u, 50u, 5000u, 60'000u})
    EXPECT_EQ(epoch_ends(pieces_of(text, {.batch_size = size, .epoch_size = 20'000})), expected)
        << size;
}

TEST(Framer, AnEpochEndsWhereAFrameBeginsInTheMiddleOfALine) {
  std::string const text = "##\vMSH|A";
  for (std::size_t const size : {1u, 64u})
    EXPECT_EQ(epoch_ends(pieces_of(text, {.batch_size = size, .epoch_size = 1})),
              (std::vector<std::uint64_t>{2, 8}))
        << size;
}

TEST(Framer, ARunThatGoesOnEndsItsEpochsAtTheSameBytes) {
  std::mt19937_64 random(8);
  std::string const text = random_file(random, "\n", 3000);
  FramerOptions const options{.batch_size = 3000, .epoch_size = 30'000};
  auto const expected = epoch_ends(pieces_of(text, options));
  ASSERT_GT(expected.size(), 5u);
  auto const rest = epoch_ends(pieces_of(text, options, expected[2]));
  EXPECT_EQ(rest, std::vector(expected.begin() + 3, expected.end()));
}

TEST(Framer, AMessageTooLargeComesInPiecesAndSparesItsNeighbours) {
  std::string const before = "MSH|^~\\&|A\rPID|1\r", after = "MSH|^~\\&|B\rPID|2\r";
  for (std::size_t const size : {10'000u, 54'321u}) {
    std::string const large = "MSH|^~\\&|L\rOBX|" + std::string(size, 'x') + "\r";
    std::string const text = before + large + after;
    for (std::size_t const batch_size : {64u, 1000u, 4096u}) {
      auto const pieces = pieces_of(text, {.batch_size = batch_size, .message_size_max = 2000});
      std::string joined, neighbours;
      std::size_t continued = 0;
      for (Piece const& piece : pieces) {
        joined += piece.text;
        continued += piece.continues ? 1 : 0;
        EXPECT_LE(piece.text.size(), 2000 + 3 * batch_size);
        if (!piece.continues && !piece.text.starts_with("MSH|^~\\&|L")) neighbours += piece.text;
      }
      EXPECT_EQ(joined, text);
      EXPECT_GT(continued, 0u);
      EXPECT_TRUE(neighbours.ends_with(after)) << neighbours;
    }
  }
}

TEST(Framer, AnEmptyStreamHasNoBatch) { EXPECT_TRUE(pieces_of("", {}).empty()); }

}  // namespace
}  // namespace hl7flow::adapters
