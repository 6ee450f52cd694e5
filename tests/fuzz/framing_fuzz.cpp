#include <algorithm>
#include <cstring>
#include <vector>

#include <hl7flow/adapters/file/framer.h>

#include "tests/fuzz/fuzz.h"
#include "tests/property/indexed.h"

// Any bytes through the framer, with any batch size and reads of any size: the batches tile the
// input, the messages in them are those of the whole, and epochs end at the same bytes.
namespace hl7flow {
namespace {

using fuzz::require;

/// Hands out `step` bytes at most at a time.
class StepReader final : public adapters::ByteReader {
 public:
  StepReader(std::string_view text, std::size_t step) : rest_(text), step_(step) {}
  Result<std::size_t, Failure> read(char* to, std::size_t size) override {
    std::size_t const count = std::min({size, rest_.size(), step_});
    if (count > 0) std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t const step_;
};

struct Framed {
  test::Indexed index;
  std::vector<std::uint64_t> epoch_ends;
};

Framed frame(std::string_view text, const adapters::FramerOptions& options, std::size_t step) {
  StepReader reader(text, step);
  adapters::Framer framer(options);
  framer.begin(0);
  Framed made;
  std::uint64_t at = 0;
  for (;;) {
    Batch batch;
    auto const more = framer.fill(reader, batch);
    require(more.has_value(), "a framer fails only where its reader does");
    if (!*more) break;
    require(batch.raw_size > 0 && batch.raw_size == batch.text.size(), "no batch is empty");
    require(batch.position.offset == at, "a batch begins where the one before it ended");
    require(batch.text.view() == text.substr(at, batch.raw_size), "a batch has the input's bytes");
    at += batch.raw_size;
    require(framer.total() == at, "the framer counts its bytes");
    if (batch.ends_epoch) made.epoch_ends.push_back(at);
    if (!batch.continues_message) made.index += test::index_text(batch.text.view());
  }
  require(at == text.size(), "the batches tile the input");
  return made;
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  std::size_t const batch_size = 1 + input.choose(256);
  std::size_t const step = 1 + input.choose(64);
  std::size_t const epoch_size = 1 + 4 * input.choose(256);
  std::size_t const message_size_max = 16 + input.choose(256);
  std::string_view const text = input.rest();

  auto const whole = frame(text, {.batch_size = 1u << 20, .epoch_size = epoch_size}, text.size());
  auto const pieces = frame(text, {.batch_size = batch_size, .epoch_size = epoch_size}, step);
  fuzz::require(pieces.index == whole.index, "messages do not depend on the batch size");
  fuzz::require(pieces.epoch_ends == whole.epoch_ends, "epochs do not depend on the batch size");
  // Where messages are too large they are cut into pieces, and these tile the input likewise.
  frame(text, {.batch_size = batch_size, .message_size_max = message_size_max}, step);
  return 0;
}
