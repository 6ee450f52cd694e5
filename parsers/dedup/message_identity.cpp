#include <hl7flow/parsers/dedup/message_identity.h>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow {

namespace {

constexpr std::uint32_t header = simd::pack('M', 'S', 'H');

MessageIdentity::Part field_of_header(std::uint16_t field) {
  MessageIdentity::Part part;
  part.path.segment = header;
  part.path.field = field;
  return part;
}

std::string_view value_of(const MessageView& message, const Path& path) noexcept {
  if (path.component != 0 || path.has_match() || path.repetition != 1)
    return message.at(path).raw();
  auto const segment = message.find(path.segment, path.occurrence);
  return segment ? segment->field(path.field).raw() : std::string_view();
}

}  // namespace

MessageIdentity::MessageIdentity()
    : parts_{field_of_header(3), field_of_header(4), field_of_header(10)} {}

MessageIdentity::MessageIdentity(std::vector<Part> parts) : parts_(std::move(parts)) {
  for (Part const& part : parts_) {
    needs_source_ |= part.is_source;
    std::uint32_t const place[] = {
        part.is_source ? 1u : 0u, part.path.segment,         part.path.occurrence,
        part.path.field,          part.path.repetition,      part.path.component,
        part.path.subcomponent,   part.path.match_component, part.path.match_subcomponent};
    seed_ = XXH3_64bits_withSeed(place, sizeof place, seed_);
    seed_ = XXH3_64bits_withSeed(part.path.match().data(), part.path.match().size(), seed_);
  }
}

bool MessageIdentity::is_telling(const Part& part) noexcept {
  bool const is_of_sender =
      part.path.segment == header && part.path.field >= 3 && part.path.field <= 6;
  return !part.is_source && !is_of_sender;
}

std::uint64_t MessageIdentity::of(const MessageView& message,
                                  std::string_view source) const noexcept {
  bool is_named = false;
  std::uint64_t hash = seed_;
  for (Part const& part : parts_) {
    std::string_view const value = part.is_source ? source : value_of(message, part.path);
    is_named = is_named || (!value.empty() && is_telling(part));
    // One after the other, so that "ab" and "c" is not "a" and "bc".
    hash = XXH3_64bits_withSeed(value.data(), value.size(), hash);
  }
  if (!is_named) return 0;
  return hash == 0 ? 1 : hash;
}

}  // namespace hl7flow
