#include <windows.h>

#include "system_loader.hpp"
#include "windows_text.hpp"

namespace crm::detail {

// What a module needs beside itself comes from the host's own folder and the system's: the files beside the
// module were looked at by nobody.
boost::dll::load_mode::type system_load_mode() noexcept {
    return static_cast<boost::dll::load_mode::type>(LOAD_LIBRARY_SEARCH_APPLICATION_DIR |
                                                    LOAD_LIBRARY_SEARCH_SYSTEM32);
}

LoadFailure load_failure(const std::system_error& failure) {
    const auto code = static_cast<unsigned long>(failure.code().value());
    return {windows_reason(code), code == ERROR_PROC_NOT_FOUND};
}

}  // namespace crm::detail
