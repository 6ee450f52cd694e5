#include <cstdlib>
#include <cstring>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::simd {

const Kernel* const kernels[] = {
#if defined(__x86_64__)
    &avx512,  // one look-up classifies 64 bytes, one compress stores their offsets
    &avx2,    // two 32-byte halves make one 64-bit mask
    &sse4,    // the same by quarters: every x86-64 machine that still runs
#endif
    &scalar,
};
const std::size_t kernel_count = sizeof kernels / sizeof kernels[0];

namespace {

struct Choice {
  const Kernel* kernel;
  const char* refused;
};

const Kernel* best() {
  for (const Kernel* kernel : kernels)
    if (kernel->supported()) return kernel;
  return &scalar;
}

Choice choose() {
  const char* const wanted = std::getenv("HL7FLOW_SIMD");
  if (wanted == nullptr || *wanted == '\0') return {best(), nullptr};
  for (const Kernel* kernel : kernels)
    if (std::strcmp(kernel->name, wanted) == 0 && kernel->supported()) return {kernel, nullptr};
  return {best(), wanted};
}

const Choice& choice() {
  static const Choice made = choose();
  return made;
}

}  // namespace

const Kernel& active() noexcept { return *choice().kernel; }
const char* requested_but_unavailable() noexcept { return choice().refused; }

}  // namespace hl7flow::simd
