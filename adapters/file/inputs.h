#pragma once

#include <string>
#include <vector>

#include <hl7flow/parsers/error.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

/// The files that `paths` stand for, in the order to read them: a file is itself; a folder is all
/// files below it, sorted by path; what is no file and has *, ? or [ is a pattern of glob(7),
/// sorted; "-" is standard input. Below folders, hidden files, links to folders and folders that
/// hold a manifest of ours (earlier output) are left out. Failures: not_found for what matches
/// nothing, not_readable, usage for a file that is named twice.
Result<std::vector<InputFile>, Failure> expand_inputs(const std::vector<std::string>& paths);

}  // namespace hl7flow::adapters
