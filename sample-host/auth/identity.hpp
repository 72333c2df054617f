// Who is asking, and what that person or program may do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crm::sample {

enum class Role { kViewer, kManager, kAdmin };

std::optional<Role> parse_role(std::string_view text);
std::string_view role_name(Role role);

namespace permission {
inline constexpr std::string_view kRecordsRead = "records.read";
inline constexpr std::string_view kRecordsWrite = "records.write";
inline constexpr std::string_view kIntegrationsView = "integrations.view";
inline constexpr std::string_view kIntegrationsManage = "integrations.manage";
inline constexpr std::string_view kPluginsManage = "plugins.manage";
}  // namespace permission

struct Identity {
    std::string name;
    Role role = Role::kViewer;
    // Of a browser's session; empty for a bearer token, which a foreign page can't make a browser send.
    std::string csrf_token;
};

// The administrator may do everything, also what a connector invents. Others may do what is known here.
bool is_allowed(Role role, std::string_view wanted);

}  // namespace crm::sample
