// The one shape of every refusal: what was expected, what was found, what to do about it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crm/error.hpp"

namespace crm::detail {

[[noreturn]] inline void refuse(const std::filesystem::path& file, std::string_view expected,
                                std::string_view found, std::string_view remedy) {
    std::string text = file.string();
    text.append(" was refused: expected ").append(expected);
    text.append("; found ").append(found);
    text.append(". ").append(remedy).append(".");
    throw Error(CRM_INVALID, text);
}

}  // namespace crm::detail
