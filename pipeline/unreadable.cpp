#include <hl7flow/pipeline/unreadable.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace hl7flow {

tl::unexpected<Failure> unreadable(const std::string& path) {
  std::string why;
  std::error_code error;
  int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    why = std::strerror(errno);
  else if (std::filesystem::is_directory(path, error))
    why = std::strerror(EISDIR);
  else if (!std::filesystem::is_regular_file(path, error))
    why = "it is no file";
  if (file >= 0) ::close(file);
  return fail(ErrorCode::not_found, "cannot read " + path + (why.empty() ? "" : ": " + why));
}

}  // namespace hl7flow
