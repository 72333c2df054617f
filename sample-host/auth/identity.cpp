#include "auth/identity.hpp"

namespace crm::sample {

std::optional<Role> parse_role(std::string_view text) {
    if (text == "admin") return Role::kAdmin;
    if (text == "manager") return Role::kManager;
    if (text == "viewer") return Role::kViewer;
    return std::nullopt;
}

std::string_view role_name(Role role) {
    switch (role) {
        case Role::kViewer:
            return "viewer";
        case Role::kManager:
            return "manager";
        case Role::kAdmin:
            return "admin";
    }
    return "viewer";
}

bool is_allowed(Role role, std::string_view wanted) {
    switch (role) {
        case Role::kAdmin:
            return true;
        case Role::kManager:
            return wanted == permission::kRecordsRead || wanted == permission::kRecordsWrite ||
                   wanted == permission::kIntegrationsView || wanted == permission::kIntegrationsManage;
        case Role::kViewer:
            return wanted == permission::kRecordsRead || wanted == permission::kIntegrationsView;
    }
    return false;
}

}  // namespace crm::sample
