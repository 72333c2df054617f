// The error both sides throw and catch in C++; it never crosses the boundary itself, only its code and text.
#pragma once

#include <stdexcept>
#include <string>

#include "crm/abi.h"

namespace crm {

class Error : public std::runtime_error {
  public:
    Error(crm_result code, const std::string& text) : std::runtime_error(text), code_(code) {}
    // One of the CRM_ codes of abi.h, never CRM_OK.
    crm_result code() const noexcept { return code_; }

  private:
    crm_result code_;
};

}  // namespace crm
