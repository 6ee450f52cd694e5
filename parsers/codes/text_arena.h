#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/codes/store_format.h>

namespace hl7flow::codes {

/// Text that grows and never moves: views stay valid. The offset of a text is its place in bytes().
/// Holds up to 4 GiB; what does not fit any more is left out, and is_full() says so.
class TextArena {
 public:
  TextRef put(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > piece_size) text = text.substr(0, piece_size);
    if (pieces_.empty() || used_ + text.size() > piece_size) {
      if (pieces_.size() == pieces_max) {
        full_ = true;
        return {};
      }
      pieces_.push_back(std::make_unique<char[]>(piece_size));
      used_ = 0;
    }
    std::memcpy(pieces_.back().get() + used_, text.data(), text.size());
    std::size_t const offset = (pieces_.size() - 1) * piece_size + used_;
    used_ += text.size();
    return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(text.size())};
  }
  std::string_view view(TextRef ref) const {
    if (ref.size == 0) return {};
    return {pieces_[ref.offset / piece_size].get() + ref.offset % piece_size, ref.size};
  }
  std::string bytes() const {
    std::string all;
    all.reserve(pieces_.size() * piece_size);
    for (auto const& piece : pieces_)
      all.append(piece.get(), &piece == &pieces_.back() ? used_ : piece_size);
    return all;
  }
  bool is_full() const noexcept { return full_; }

 private:
  static constexpr std::size_t piece_size = 1 << 20;
  static constexpr std::size_t pieces_max = 4095;
  std::vector<std::unique_ptr<char[]>> pieces_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace hl7flow::codes
