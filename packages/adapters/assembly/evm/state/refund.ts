// The refund counter; a frame that fails puts it back to where it was.
let refund: i64 = 0;

export function refundCounter(): i64 {
  return refund;
}

export function setRefund(value: i64): void {
  refund = value;
}

export function addRefund(gas: i64): void {
  refund += gas;
}
