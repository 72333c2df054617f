#include "program_arguments.hpp"

#ifdef _WIN32
#include <windows.h>

#include <shellapi.h>

#include "windows_text.hpp"
#endif

namespace crm::detail {

#ifdef _WIN32
// main's own arguments have lost every character that the system's code page lacks.
std::vector<std::string> program_arguments(int, char**) {
    int count = 0;
    LPWSTR* const words = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    std::vector<std::string> arguments;
    for (int i = 1; words != nullptr && i < count; ++i) arguments.push_back(utf8_of(words[i]));
    ::LocalFree(words);
    return arguments;
}
#else
std::vector<std::string> program_arguments(int argc, char** argv) {
    return {argv + 1, argv + argc};
}
#endif

}  // namespace crm::detail
