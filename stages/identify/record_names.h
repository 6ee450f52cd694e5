#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include <hl7flow/stages/identify/person_statement.h>

namespace hl7flow::stages {

/// Names of records by number, in memory: two texts of at most 255 bytes each, and ten bytes more.
class RecordNames {
 public:
  std::size_t size() const noexcept { return places_.size(); }

  void push_back(const RecordNameView& name) {
    std::size_t const size = 2 + name.assigning_authority.size() + name.identifier.size();
    if (chunk_used_ + size > chunk_size) {
      chunks_.push_back(std::make_unique<char[]>(chunk_size));
      chunk_used_ = 0;
    }
    char* at = chunks_.back().get() + chunk_used_;
    places_.push_back(at);
    chunk_used_ += size;
    for (std::string_view const text : {name.assigning_authority, name.identifier}) {
      *at++ = static_cast<char>(text.size());
      std::memcpy(at, text.data(), text.size());
      at += text.size();
    }
  }

  RecordNameView operator[](std::size_t record) const noexcept {
    const char* const at = places_[record];
    std::size_t const size = static_cast<unsigned char>(*at);
    const char* const second = at + 1 + size;
    return {{at + 1, size}, {second + 1, static_cast<unsigned char>(*second)}};
  }

 private:
  static constexpr std::size_t chunk_size = std::size_t{1} << 20;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t chunk_used_ = chunk_size;
  std::vector<const char*> places_;
};

}  // namespace hl7flow::stages
