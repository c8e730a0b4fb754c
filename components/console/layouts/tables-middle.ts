import { layout } from './layout'

/** German speaking and Nordic countries. */

export const de = layout('de', 'German', [
  ['◌̂ 1 2 3 4 5 6 7 8 9 0 ß ◌́', '° ! " § $ % & / ( ) = ? ◌̀', '▫ ▫ ² ³ ▫ ▫ ▫ { [ ] } \\'],
  ['q w e r t z u i o p ü +', 'Q W E R T Z U I O P Ü *', '@ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ~'],
  ['a s d f g h j k l ö ä #', "A S D F G H J K L Ö Ä '"],
  ['< y x c v b n m , . -', '> Y X C V B N M ; : _', '| ▫ ▫ ▫ ▫ ▫ ▫ µ'],
])

const swissDigits = ["§ 1 2 3 4 5 6 7 8 9 0 ' ◌̂", '° + " * ç % & / ( ) = ? ◌̀', '▫ ▫ @ # ▫ ▫ ¬ | ¢ ▫ ▫ ◌́ ◌̃']
const swissBottom = ['< y x c v b n m , . -', '> Y X C V B N M ; : _', '\\']

export const chDe = layout('ch-de', 'Swiss (German)', [
  swissDigits,
  ['q w e r t z u i o p ü ◌̈', 'Q W E R T Z U I O P è !', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ [ ]'],
  ['a s d f g h j k l ö ä $', 'A S D F G H J K L é à £', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ { }'],
  swissBottom,
])

export const chFr = layout('ch-fr', 'Swiss (French)', [
  swissDigits,
  ['q w e r t z u i o p è ◌̈', 'Q W E R T Z U I O P ü !', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ [ ]'],
  ['a s d f g h j k l é à $', 'A S D F G H J K L ö ä £', '▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ { }'],
  swissBottom,
])

const nordicTop = ['q w e r t y u i o p å ◌̈', 'Q W E R T Y U I O P Å ◌̂', '▫ ▫ € ▫ ▫ ▫ ▫ ▫ ▫ ▫ ▫ ◌̃']

export const se = layout('se', 'Swedish, Finnish', [
  ['§ 1 2 3 4 5 6 7 8 9 0 + ◌́', '½ ! " # ¤ % & / ( ) = ? ◌̀', '▫ ▫ @ £ $ ▫ ▫ { [ ] } \\'],
  nordicTop,
  ["a s d f g h j k l ö ä '", 'A S D F G H J K L Ö Ä *'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _', '| ▫ ▫ ▫ ▫ ▫ ▫ µ'],
])

export const no = layout('no', 'Norwegian', [
  ['| 1 2 3 4 5 6 7 8 9 0 + \\', '§ ! " # ¤ % & / ( ) = ? ◌̀', '▫ ▫ @ £ $ ▫ ▫ { [ ] } ▫ ◌́'],
  nordicTop,
  ["a s d f g h j k l ø æ '", 'A S D F G H J K L Ø Æ *'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _', '▫ ▫ ▫ ▫ ▫ ▫ ▫ µ'],
])

export const dk = layout('dk', 'Danish', [
  ['½ 1 2 3 4 5 6 7 8 9 0 + ◌́', '§ ! " # ¤ % & / ( ) = ? ◌̀', '▫ ▫ @ £ $ ▫ ▫ { [ ] } ▫ |'],
  nordicTop,
  ["a s d f g h j k l æ ø '", 'A S D F G H J K L Æ Ø *'],
  ['< z x c v b n m , . -', '> Z X C V B N M ; : _', '\\ ▫ ▫ ▫ ▫ ▫ ▫ µ'],
])
