// How this system's loader is asked for a library, and what it says when it refuses one.
#pragma once

#include <boost/dll/shared_library_load_mode.hpp>
#include <string>
#include <system_error>

namespace crm::detail {

boost::dll::load_mode::type system_load_mode() noexcept;

struct LoadFailure {
    std::string text;  // in the system's own words
    bool missing_function;
};

// Of what Boost.DLL threw.
LoadFailure load_failure(const std::system_error& failure);

}  // namespace crm::detail
