#include <hl7flow/pipeline/loaded_codes.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <hl7flow/parsers/codes/code_csv.h>

namespace hl7flow {
namespace {

FileIdentity identity_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

tl::unexpected<Failure> refused(const std::string& path) {
  bool const missing = errno == ENOENT || errno == ENOTDIR;
  return fail(missing ? ErrorCode::not_found : ErrorCode::not_readable,
              "cannot open " + path + ": " + std::strerror(errno));
}

}  // namespace

Result<FileIdentity, Failure> identify(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return refused(path);
  return identity_of(status);
}

Result<std::shared_ptr<const LoadedCodes>, Failure> LoadedCodes::open(const std::string& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return refused(path);
  std::shared_ptr<LoadedCodes> loaded(new LoadedCodes());
  struct stat status {};
  bool const regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  loaded->identity_ = identity_of(status);
  if (regular && status.st_size > 0) {
    auto const size = static_cast<std::size_t>(status.st_size);
    // Populated: every page is read at once for the checksum anyway.
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (mapped == MAP_FAILED) {
      ::close(descriptor);
      return refused(path);
    }
    loaded->mapped_ = mapped;
    loaded->mapped_size_ = size;
  }
  ::close(descriptor);
  auto viewed = codes::CodeStore::view(
      {static_cast<const std::byte*>(loaded->mapped_), loaded->mapped_size_});
  if (!viewed) return fail(viewed.error().code, path + ": " + viewed.error().text);
  loaded->store_ = *viewed;
  return std::shared_ptr<const LoadedCodes>(std::move(loaded));
}

Result<std::shared_ptr<const LoadedCodes>, Failure> LoadedCodes::own(std::vector<std::byte> bytes) {
  std::shared_ptr<LoadedCodes> loaded(new LoadedCodes());
  loaded->owned_ = std::move(bytes);
  auto viewed = codes::CodeStore::view(loaded->owned_);
  if (!viewed) return tl::unexpected<Failure>(viewed.error());
  loaded->store_ = *viewed;
  return std::shared_ptr<const LoadedCodes>(std::move(loaded));
}

Result<std::shared_ptr<const LoadedCodes>, Failure> LoadedCodes::make(
    const std::vector<std::string>& csv_files, bool starter) {
  codes::StoreBuilder builder;
  codes::load_known_systems(builder);
  if (starter) codes::load_starter(builder);
  for (std::string const& path : csv_files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return refused(path);
    std::ostringstream text;
    text << file.rdbuf();
    auto const report = codes::load_csv(builder, text.str(), path);
    if (!report) return tl::unexpected<Failure>(report.error());
    if (report->rows_bad > 0)
      return fail(ErrorCode::bad_store, path + ", " + report->first_problem + "; " +
                                            std::to_string(report->rows_bad) + " of " +
                                            std::to_string(report->rows_read) + " rows are bad");
  }
  auto bytes = builder.build(starter ? "starter" : "maps", "");
  if (!bytes) return tl::unexpected<Failure>(bytes.error());
  return own(std::move(*bytes));
}

LoadedCodes::~LoadedCodes() {
  if (mapped_ != nullptr) ::munmap(mapped_, mapped_size_);
}

}  // namespace hl7flow
