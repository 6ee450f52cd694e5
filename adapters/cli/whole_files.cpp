#include <hl7flow/adapters/cli/whole_files.h>

#include <hl7flow/pipeline/part_file.h>

namespace hl7flow::cli {

Status write_whole_files(const std::filesystem::path& folder, const std::vector<WholeFile>& files) {
  WriterThread writer;
  std::vector<std::unique_ptr<PartFile>> parts;
  for (WholeFile const& file : files) {
    auto part = PartFile::create(folder.string(), file.name, writer);
    if (!part) return tl::unexpected<Failure>(part.error());
    (*part)->write(file.text);
    (*part)->seal();
    parts.push_back(std::move(*part));
  }
  for (std::size_t k = 0; k < files.size(); ++k)
    if (auto done = parts[k]->finish(files[k].name); !done) return done;
  return {};
}

Status write_whole_file(const std::filesystem::path& path, std::string text) {
  std::filesystem::path const folder = path.has_parent_path() ? path.parent_path() : ".";
  return write_whole_files(folder, {{path.filename().string(), std::move(text)}});
}

}  // namespace hl7flow::cli
