// What the probe does to itself before it touches a module.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace crm::probe {

// `memory` is what may come on top of what the process has now. Ends with the process that started it.
void limit_self(std::uint64_t memory, std::chrono::seconds cpu);

// To the parent. Safe at any point, also when memory has run out.
void tell(std::string_view line) noexcept;

// Ends the process without the module's exit handlers.
[[noreturn]] void leave() noexcept;

}  // namespace crm::probe
