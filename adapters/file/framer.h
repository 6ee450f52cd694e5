#pragma once

#include <cstdint>

#include <hl7flow/adapters/file/byte_reader.h>
#include <hl7flow/pipeline/batch.h>

namespace hl7flow::adapters {

struct FramerOptions {
  std::size_t batch_size = 128u << 10;        // bytes of a batch, about
  std::size_t message_size_max = 128u << 20;  // a larger message is cut into pieces and rejected
  std::uint64_t epoch_size = 1u << 30;        // bytes of input between two commits, about
};

/// Cuts a byte stream into batches of whole messages. It only looks for the last message boundary
/// of what was read: what is inside is for the parallel stages. Epochs end at the first boundary
/// after each multiple of epoch_size of the bytes of all inputs together, and therefore at the same
/// message whatever the batch size. One thread at a time.
class Framer {
 public:
  explicit Framer(FramerOptions options) : options_(options), epoch_end_(options.epoch_size) {}

  /// Begins with the next input's bytes.
  void begin(std::uint32_t input, std::uint64_t offset = 0);
  /// Sets the number of bytes that earlier inputs, or an earlier run, had: for epochs.
  void set_total(std::uint64_t total);
  /// Fills a cleared batch with whole messages; false at the end of this input.
  Result<bool, Failure> fill(ByteReader& reader, Batch& batch);
  std::uint64_t total() const noexcept { return total_; }

 private:
  Status read_more(ByteReader& reader, Batch& batch, std::size_t wanted);
  void finish(Batch& batch, std::size_t cut);

  FramerOptions const options_;
  Buffer<char> carry_;  // bytes after the last cut
  std::uint32_t input_ = 0;
  std::uint64_t offset_ = 0;  // of the next batch's first byte in its input
  std::uint64_t total_ = 0;   // bytes of all inputs before it
  std::uint64_t epoch_end_;
  bool at_end_ = false;    // of the current input
  bool oversize_ = false;  // the current message is too large, and more of it follows
};

}  // namespace hl7flow::adapters
