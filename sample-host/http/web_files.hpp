// The files of sample-host/web, built into the program by cmake/EmbedFiles.cmake.
#pragma once

#include <string_view>

namespace crm::sample {

// Empty when there is no such file.
std::string_view web_file(std::string_view name);

}  // namespace crm::sample
