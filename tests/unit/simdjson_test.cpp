// Two simdjsons may be in one process: the system's, whose headers we compile against, and the one
// inside a pyarrow wheel's libparquet. Calls must reach the former.

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <simdjson.h>

namespace hl7flow {
namespace {

TEST(Simdjson, CallsReachTheLibraryOfItsHeaders) {
  Dl_info info{};
  ASSERT_NE(::dladdr(reinterpret_cast<void*>(&simdjson::get_active_implementation), &info), 0);
  EXPECT_NE(std::string(info.dli_fname).find("libsimdjson"), std::string::npos) << info.dli_fname;
}

}  // namespace
}  // namespace hl7flow
