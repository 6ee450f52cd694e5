#pragma once

// What ThreadSanitizer cannot see: oneTBB's library is not instrumented, so the order that it
// guarantees between tasks (a node runs after the node before it, a loop ends after its pieces)
// must be told. Without the sanitizer these functions do nothing.
// Source: the interface of ThreadSanitizer, <sanitizer/tsan_interface.h>.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HL7FLOW_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif
#endif

namespace hl7flow::detail {

/// What this thread did comes before what others do after happens_after() of the same object.
inline void happens_before([[maybe_unused]] const void* object) noexcept {
#ifdef HL7FLOW_THREAD_SANITIZER
  __tsan_release(const_cast<void*>(object));
#endif
}
inline void happens_after([[maybe_unused]] const void* object) noexcept {
#ifdef HL7FLOW_THREAD_SANITIZER
  __tsan_acquire(const_cast<void*>(object));
#endif
}

}  // namespace hl7flow::detail

#undef HL7FLOW_THREAD_SANITIZER
