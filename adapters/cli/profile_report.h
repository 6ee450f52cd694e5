#pragma once

#include <string>

#include <hl7flow/adapters/cli/profile.h>
#include <hl7flow/pipeline/account.h>

namespace hl7flow::cli {

/// The profile for people, and as one JSON object.
std::string profile_text(const Profile& profile, const Account& account,
                         const ProfileOptions& options);
std::string profile_json(const Profile& profile, const Account& account,
                         const ProfileOptions& options);

}  // namespace hl7flow::cli
