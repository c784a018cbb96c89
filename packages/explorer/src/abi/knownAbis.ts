// What many contracts share, so that calls and logs of contracts nobody has uploaded an ABI for are readable, too.
import { type ContractAbi, parseSignatures } from "./contractAbi.ts";

export const TOKEN_ABI: ContractAbi = parseSignatures([
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function totalSupply() view returns (uint256)",
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner,address spender) view returns (uint256)",
  "function transfer(address to,uint256 amount) returns (bool)",
  "function approve(address spender,uint256 amount) returns (bool)",
  "function transferFrom(address from,address to,uint256 amount) returns (bool)",
  "event Transfer(address indexed from,address indexed to,uint256 amount)",
  "event Approval(address indexed owner,address indexed spender,uint256 amount)",
  "error ERC20InsufficientBalance(address sender,uint256 balance,uint256 needed)",
  "error ERC20InsufficientAllowance(address spender,uint256 allowance,uint256 needed)",
]);

export const OTHER_ABI: ContractAbi = parseSignatures([
  "function safeTransferFrom(address from,address to,uint256 tokenId)",
  "function safeTransferFrom(address from,address to,uint256 tokenId,bytes data)",
  "function setApprovalForAll(address operator,bool approved)",
  "function mint(address to,uint256 amount)",
  "function burn(uint256 amount)",
  "function owner() view returns (address)",
  "function transferOwnership(address newOwner)",
  "function renounceOwnership()",
  "function deposit()",
  "function withdraw(uint256 amount)",
  "function ready()",
  "event OwnershipTransferred(address indexed previousOwner,address indexed newOwner)",
  "event Deposit(address indexed to,uint256 amount)",
  "event Withdrawal(address indexed from,uint256 amount)",
  "error OwnableUnauthorizedAccount(address account)",
  "error Error(string reason)",
  "error Panic(uint256 code)",
]);
