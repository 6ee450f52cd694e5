#include <hl7flow/pipeline/text_file.h>

#include <fstream>
#include <iterator>

namespace hl7flow {

Result<std::string, Failure> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "cannot open " + path);
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace hl7flow
