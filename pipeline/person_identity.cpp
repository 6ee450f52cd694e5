#include <hl7flow/pipeline/person_identity.h>

#include <algorithm>

namespace hl7flow {

const MessageId* PersonFindings::find(std::uint32_t segment) const noexcept {
  auto const at = std::lower_bound(
      persons.begin(), persons.end(), segment,
      [](PersonOfSegment const& one, std::uint32_t wanted) { return one.segment < wanted; });
  return at != persons.end() && at->segment == segment ? &at->person : nullptr;
}

}  // namespace hl7flow
